package io.beringia.failover.decision;

import java.time.Duration;

/**
 * How slow the way back is. One divisor scales all of it, for labs; the way out is never scaled.
 *
 * @param divisor 1 in production
 */
public record FailoverTiming(int divisor) {
    public static final FailoverTiming STANDARD = new FailoverTiming(1);

    /** More would make the shortest time less than a tick. */
    private static final int DIVISOR_MAX = 100;

    public FailoverTiming {
        if (divisor < 1 || divisor > DIVISOR_MAX) {
            throw new IllegalArgumentException("timing divisor: " + divisor + " (expected: 1 to " + DIVISOR_MAX + ")");
        }
    }

    Duration scaled(Duration standard) {
        return standard.dividedBy(divisor);
    }

    /** A region must be well for twice its outage, within these. */
    Duration holdMin() {
        return scaled(Duration.ofMinutes(5));
    }

    Duration holdMax() {
        return scaled(Duration.ofMinutes(30));
    }

    /** Clean probes before the canary. */
    Duration probation() {
        return scaled(Duration.ofSeconds(60));
    }

    Duration rampStep() {
        return scaled(Duration.ofSeconds(60));
    }

    /** A canary with too few connections ends by then. */
    Duration canaryMax() {
        return scaled(Duration.ofMinutes(10));
    }

    /** What is left of the tunnels of an evacuated region is given up by then. */
    Duration evacuationDeadline() {
        return scaled(Duration.ofSeconds(30));
    }

    Duration drainDeadline() {
        return scaled(Duration.ofMinutes(10));
    }

    Duration penaltyHalfLife() {
        return scaled(Duration.ofMinutes(15));
    }

    /** In which evacuations are counted against the limit. */
    public Duration rateWindow() {
        return scaled(Duration.ofHours(1));
    }

    /** A new leader with incomplete inputs only watches for so long. */
    Duration warmUp() {
        return scaled(Duration.ofSeconds(30));
    }
}
