package io.beringia.failover.zookeeper;

import io.beringia.failover.decision.Fence;
import java.time.Duration;

/**
 * A leader's time in office: its epoch, and a lease on a clock that never steps.
 *
 * @param epochVersion of the epoch's node, which every write checks
 * @param validUntilNanos of {@link System#nanoTime()}'s clock
 * @param session as ZooKeeper granted it
 */
public record Term(long epoch, int epochVersion, long validUntilNanos, Duration session) {
    /** What is left, never less than nothing. */
    public Duration left(long nanoTime) {
        return Duration.ofNanos(Math.max(0, validUntilNanos - nanoTime));
    }

    public Fence fence(long nanoTime) {
        return new Fence(left(nanoTime), session.dividedBy(4));
    }

    /** The same term with a lease that starts with a round trip begun then. */
    public Term renewed(long begunNanos) {
        return new Term(epoch, epochVersion, begunNanos + leaseNanos(session), session);
    }

    /** A cut-off client notices after two thirds of the session; an eighth is for a pause at the wrong moment. */
    private static long leaseNanos(Duration session) {
        return session.multipliedBy(2).dividedBy(3).minus(session.dividedBy(8)).toNanos();
    }
}
