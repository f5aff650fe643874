package io.beringia.failover.decision;

import io.beringia.discovery.catalog.RegionPlan;
import java.time.Duration;
import java.time.Instant;

/**
 * A penalty for falling, which fades: it slows the way back and never the way out. As in route-flap damping (RFC
 * 2439), with two thresholds, so a region does not hover at one.
 */
public final class Damping {
    /** Of one evacuation. */
    public static final int EVACUATION = 1_000;

    /** Of a partial shift that we caused. */
    public static final int PARTIAL_SHIFT = 500;

    private static final int SUPPRESS_ABOVE = 2_000;
    private static final int REUSE_BELOW = 750;

    /** Echoes of one cause come within that time and count once. */
    private static final Duration ONE_CAUSE = Duration.ofSeconds(60);

    /** By then the largest penalty has faded to nothing. */
    private static final int HALVINGS_MAX = 31;

    private Damping() {}

    /** Points left: halved at every half-life, falling in a straight line between. */
    public static int points(RegionPlan plan, Instant now, Duration halfLife) {
        Duration age = Duration.between(plan.penaltyAt(), now);
        if (age.isNegative()) {
            return plan.penalty();
        }
        long halvings = age.dividedBy(halfLife);
        if (halvings >= HALVINGS_MAX) {
            return 0;
        }
        long start = plan.penalty() >> halvings;
        long into = age.minus(halfLife.multipliedBy(halvings)).toMillis();
        return (int) (start - start * into / (2 * halfLife.toMillis()));
    }

    /** Points after one more fall. */
    public static int raised(RegionPlan plan, int by, Instant now, FailoverTiming timing) {
        int left = points(plan, now, timing.penaltyHalfLife());
        return isEcho(plan, now, timing) ? left : Math.min(RegionPlan.PENALTY_MAX, left + by);
    }

    /** Whether a fall now is the same as the last one. */
    static boolean isEcho(RegionPlan plan, Instant now, FailoverTiming timing) {
        return plan.penalty() > 0 && Duration.between(plan.penaltyAt(), now).compareTo(timing.scaled(ONE_CAUSE)) < 0;
    }

    /** Whether it must stay away: from above the upper threshold until below the lower one. */
    public static boolean isSuppressed(int points, boolean wasSuppressed) {
        return points > SUPPRESS_ABOVE || wasSuppressed && points >= REUSE_BELOW;
    }
}
