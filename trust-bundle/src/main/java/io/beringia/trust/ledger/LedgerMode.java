package io.beringia.trust.ledger;

/** What a ledger does when its disk fails. */
public enum LedgerMode {
    /** Tells at once that the event is not written, so that nothing happens without its entry. */
    STRICT,
    /** Keeps events in its bounded queue and tries again; callers go on. */
    DEFAULT;

    /** As configuration has it, in lower case. */
    public static LedgerMode parse(String text) {
        return switch (text) {
            case "strict" -> STRICT;
            case "default" -> DEFAULT;
            default ->
                throw new IllegalArgumentException("mode: " + Quoted.of(text) + " (expected: strict or default)");
        };
    }
}
