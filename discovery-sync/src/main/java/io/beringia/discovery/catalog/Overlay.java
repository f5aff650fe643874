package io.beringia.discovery.catalog;

/** What lies over a region's phase, whatever that phase is. */
public enum Overlay {
    /** An operator fixed its shares until an expiry. */
    PINNED,
    /** It fell too often lately: it does not come back yet. */
    SUPPRESSED,
    /** Nothing is decided about it: no quorum, no fence, stale inputs, or an operator's wish. */
    FROZEN,
    /** Everything looks bad at once: health is ignored. */
    PANIC,
    /** Decisions are recorded and not applied. */
    DRY_RUN
}
