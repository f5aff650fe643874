package io.beringia.failover;

import io.beringia.discovery.catalog.LedgerRef;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.record.DecisionBasis;

/** Where a leader says what it is about to write. Owned by the controller's thread; waits for a disk, for a bounded time. */
public interface DecisionRecord {
    /**
     * @param plan as it will stand there, but for where it is recorded
     * @param basis what it follows from
     */
    Outcome record(TrafficPlan plan, Cause cause, DecisionBasis basis) throws InterruptedException;

    /** What became of it. */
    sealed interface Outcome {
        /** It lasts. */
        record Lasting(LedgerRef where) implements Outcome {}

        /** It does not last, or not yet, and the plan is to be written all the same. */
        record Missing(String why) implements Outcome {}

        /** It does not last, and the plan must not be written. */
        record Refused(String why) implements Outcome {}

        /** Nobody wants to know. */
        record Unwanted() implements Outcome {}
    }

    DecisionRecord NONE = (plan, cause, basis) -> new Outcome.Unwanted();
}
