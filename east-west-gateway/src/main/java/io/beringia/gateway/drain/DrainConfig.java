package io.beringia.gateway.drain;

import java.time.Duration;

/**
 * How long a gateway or a host proxy takes to let go.
 *
 * @param accept for so long it goes on as if nothing were, but for its readiness: load balancers learn late
 * @param jitter over so much the goodbyes are spread, so that not every client shakes hands elsewhere at once
 * @param deadline for so long after the last goodbye a tunnel may go on
 */
public record DrainConfig(Duration accept, Duration jitter, Duration deadline) {
    private static final Duration ACCEPT_MAX = Duration.ofMinutes(10);
    private static final Duration JITTER_MAX = Duration.ofMinutes(10);
    private static final Duration DEADLINE_MAX = Duration.ofHours(24);

    public static final DrainConfig DEFAULT =
            new DrainConfig(Duration.ofSeconds(15), Duration.ofSeconds(30), Duration.ofMinutes(10));
    /** Nothing is waited for; what is left is still ended in slices. */
    public static final DrainConfig AT_ONCE = new DrainConfig(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    public DrainConfig {
        require("drain.accept", accept, ACCEPT_MAX, "10m");
        require("drain.jitter", jitter, JITTER_MAX, "10m");
        require("drain.deadline", deadline, DEADLINE_MAX, "24h");
    }

    private static void require(String key, Duration value, Duration most, String shown) {
        if (value.isNegative() || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: 0s.." + shown + ")");
        }
    }

    /** The same, for whom nobody calls. */
    public DrainConfig withoutAccept() {
        return new DrainConfig(Duration.ZERO, jitter, deadline);
    }

    /** From the start of goodbyes to the end of patience. */
    Duration patience() {
        return jitter.plus(deadline);
    }

    /** What a whole drain may take; whoever ends the process must not do it sooner. */
    public Duration longest() {
        return accept.plus(patience()).plus(DrainRules.CUTTING);
    }
}
