package io.beringia.failover.decision;

/** What stands between a wish to move and the move. An operator sets one aside by its name; the fence never. */
public enum SafetyRule {
    /** We are the leader, with enough of our lease left to finish a write. */
    FENCE,
    /** Two sites outside of the region, or more, have an observer that spoke within two seconds. */
    FRESH,
    /** A quorum of sites outside the region, each with a fresh observer, says that it is gone. */
    QUORUM,
    /** Automatic moves of the region are switched on. */
    AUTO_SWITCH,
    /** So many automatic evacuations in the window, no more. */
    RATE,
    /** Some region to which clients would go can prove itself for a quarter of an hour, and does so now. */
    TRUST,
    /** Some other region serves. */
    ATLEAST_ONE,
    /** One region moves at a time, and no more than half of them are away. */
    ONE_AT_A_TIME,
    /** Some other region serves and has enough of its pods ready to keep all its traffic, and ours. */
    CAPACITY,
    /** Where clients would go, the same is enforced before each service as where they come from. */
    POLICY_SKEW,
    /**
     * A service with a single writer goes where somebody orders it to go, and is open there only when nobody is sent to
     * where it was.
     */
    SINGLE_WRITER,
    /** A new leader looks around before it sends anything back. */
    WARM_UP;

    /** Whether somebody may set it aside. */
    public boolean isWaivable() {
        return this != FENCE;
    }
}
