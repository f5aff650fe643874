package io.beringia.trust.ledger;

/** What a ledger does when its disk fails. */
public enum LedgerMode {
    /** Tells at once that the event is not written, so that nothing happens without its entry. */
    STRICT,
    /** Keeps events in its bounded queue and tries again; callers go on. */
    DEFAULT
}
