package io.beringia.gateway.limits;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a connection gets new tunnels. Pure. Without an end, clients would stay for ever with the gateways that were
 * there when they first came, and one that was added later would get nothing.
 *
 * @param mean each connection's own lies within a fifth of it, so that they do not all end at once
 */
public record MaxAge(Duration mean) {
    private static final double SPREAD = 0.2;
    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofHours(24);

    public static final MaxAge DEFAULT = new MaxAge(Duration.ofMinutes(30));

    public MaxAge {
        if (mean.compareTo(LEAST) < 0 || mean.compareTo(MOST) > 0) {
            throw new IllegalArgumentException("connections.max-age: " + mean + " (expected: 1s..24h)");
        }
    }

    /** That of one connection. */
    public Duration drawn(RandomGenerator random) {
        double factor = 1 - SPREAD + 2 * SPREAD * random.nextDouble();
        return Duration.ofNanos(Math.round(mean.toNanos() * factor));
    }
}
