package io.beringia.discovery.peering;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** When to dial a peer's replica again: from half a second up to half a minute, anywhere in it. Pure. */
final class DialRules {
    private static final long FIRST_MILLIS = 500;
    private static final long LAST_MILLIS = 30_000;

    /** Of doublings: more cannot matter. */
    private static final int DOUBLINGS_MAX = 6;

    private DialRules() {}

    /**
     * Full jitter, so that the peers of one that restarts do not come back together.
     *
     * @param failures since the replica last greeted us
     */
    static Duration pause(int failures, RandomGenerator random) {
        long most = Math.min(FIRST_MILLIS << Math.min(failures, DOUBLINGS_MAX), LAST_MILLIS);
        return Duration.ofMillis(random.nextLong(most + 1));
    }
}
