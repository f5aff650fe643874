package io.beringia.gateway.journal;

/** What became of the entry of a tunnel that was let through. */
public enum Recorded {
    /** It lasts, or nobody has to wait until it does. */
    ENOUGH,
    /** It stands nowhere. */
    NOWHERE,
    /** Nobody knows yet, and who asked has waited long enough; it may last still. */
    LATE
}
