package io.beringia.discovery.kube;

/** What our own API said to a write. */
public sealed interface ApiAnswer {
    /** It is so now. */
    record Done() implements ApiAnswer {}

    /** It was changed meanwhile, or is not there (any more): look again. */
    record Outdated(String why) implements ApiAnswer {}

    /** Not like that: the same again would be refused again. */
    record Refused(String why) implements ApiAnswer {}

    /** Not now. */
    record Failed(String why) implements ApiAnswer {}
}
