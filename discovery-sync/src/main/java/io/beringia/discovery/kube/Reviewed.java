package io.beringia.discovery.kube;

import java.util.Optional;

/** What an API server says of a token. */
public sealed interface Reviewed {
    /**
     * It is that service account's.
     *
     * @param pod the only one that it was made for, if any
     */
    record Account(String namespace, String name, Optional<String> pod) implements Reviewed {}

    record Refused(String why) implements Reviewed {}

    /** Nobody could say. */
    record Unavailable(String why) implements Reviewed {}
}
