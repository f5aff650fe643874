package io.beringia.scenarios.connect;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * What is tested, and how it was set up for it.
 *
 * @param address where the target takes HTTP/2
 * @param identity the client certificate, and TLS with it; empty for HTTP/2 in the open with prior knowledge
 * @param service an authority for which the target connects to {@code backend}
 * @param unknown an authority that the target does not know
 * @param backend where we listen
 * @param patience how long an answer may take
 */
public record SuiteTarget(
        InetSocketAddress address,
        Optional<ClientIdentity> identity,
        String service,
        String unknown,
        InetSocketAddress backend,
        Duration patience) {
    public SuiteTarget {
        if (patience.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("patience: " + patience + " (expected: >= 1 s)");
        }
    }
}
