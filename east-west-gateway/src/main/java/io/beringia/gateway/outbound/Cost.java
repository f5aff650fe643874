package io.beringia.gateway.outbound;

/** What one more attempt takes out of the {@link Budgets} of the process. */
public enum Cost {
    /** The first attempt of a dial, and one that leaves a path that is not UP or a refused dial: no load is added. */
    FREE,
    /** A second attempt beside one that has not answered yet. */
    HEDGE,
    /** Another attempt after one that failed. */
    RETRY
}
