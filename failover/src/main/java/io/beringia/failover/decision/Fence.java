package io.beringia.failover.decision;

import java.time.Duration;

/**
 * How much of the leader's lease is left, on a clock that never steps.
 *
 * @param needed a quarter of the session: less might end before a write is through
 */
public record Fence(Duration left, Duration needed) {
    /** Nobody's. */
    public static final Fence NONE = new Fence(Duration.ZERO, Duration.ZERO);

    public boolean holds() {
        return left.compareTo(needed) > 0;
    }
}
