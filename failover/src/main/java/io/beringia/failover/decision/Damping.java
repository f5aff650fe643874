package io.beringia.failover.decision;

import io.beringia.discovery.catalog.RegionPlan;
import io.beringia.discovery.catalog.ServicePlan;
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
        return new Penalty(plan.penalty(), plan.penaltyAt()).left(now, halfLife);
    }

    static int points(ServicePlan.State state, Instant now, Duration halfLife) {
        return new Penalty(state.penalty(), state.penaltyAt()).left(now, halfLife);
    }

    /** Points after one more fall. */
    public static int raised(RegionPlan plan, int by, Instant now, FailoverTiming timing) {
        return new Penalty(plan.penalty(), plan.penaltyAt())
                .raised(by, now, timing)
                .points();
    }

    /** Whether a fall now is the same as the last one. */
    static boolean isEcho(RegionPlan plan, Instant now, FailoverTiming timing) {
        return new Penalty(plan.penalty(), plan.penaltyAt()).isEcho(now, timing);
    }

    /** Whether it must stay away: from above the upper threshold until below the lower one. */
    public static boolean isSuppressed(int points, boolean wasSuppressed) {
        return points > SUPPRESS_ABOVE || wasSuppressed && points >= REUSE_BELOW;
    }

    /** The same by how many they were when it last fell. */
    static boolean isSuppressed(ServicePlan.State state, Instant now, Duration halfLife) {
        return isSuppressed(points(state, now, halfLife), state.penalty() > SUPPRESS_ABOVE);
    }

    /** Of a service that falls so far. */
    static int of(ServicePlan.Phase phase) {
        return phase == ServicePlan.Phase.UNHEALTHY ? EVACUATION : PARTIAL_SHIFT;
    }

    /** So many points at that time. */
    record Penalty(int points, Instant at) {
        private int left(Instant now, Duration halfLife) {
            Duration age = Duration.between(at, now);
            if (age.isNegative()) {
                return points;
            }
            long halvings = age.dividedBy(halfLife);
            if (halvings >= HALVINGS_MAX) {
                return 0;
            }
            long start = points >> halvings;
            long into = age.minus(halfLife.multipliedBy(halvings)).toMillis();
            return (int) (start - start * into / (2 * halfLife.toMillis()));
        }

        private boolean isEcho(Instant now, FailoverTiming timing) {
            return points > 0 && Duration.between(at, now).compareTo(timing.scaled(ONE_CAUSE)) < 0;
        }

        /** After one more fall; an echo of the last one counts nothing. */
        Penalty raised(int by, Instant now, FailoverTiming timing) {
            int left = left(now, timing.penaltyHalfLife());
            return isEcho(now, timing) ? this : new Penalty(Math.min(RegionPlan.PENALTY_MAX, left + by), now);
        }
    }
}
