package io.beringia.gateway.limits;

import java.time.Duration;

/**
 * So much a second, and so much at once. Pure: whoever counts keeps one number, the time by which everything that was
 * taken is paid for (the virtual scheduling algorithm of ITU-T I.371).
 *
 * @param everyNanos one comes back
 * @param burst as many as may be taken at once
 */
public record Rate(long everyNanos, long burst) {
    public Rate {
        if (everyNanos <= 0 || burst < 1) {
            throw new IllegalArgumentException(
                    "rate: one every " + everyNanos + " ns, burst " + burst + " (expected: > 0 ns, burst >= 1)");
        }
    }

    static Rate perSecond(int count, long burst) {
        return new Rate(Duration.ofSeconds(1).toNanos() / count, burst);
    }

    /** How long until one more may be taken. */
    long waitNanos(long paidNanos, long nowNanos) {
        return Math.max(0, paidNanos - nowNanos - everyNanos * (burst - 1));
    }

    /** When everything is paid for, with one more. */
    long paidAfter(long paidNanos, long nowNanos) {
        return Math.max(paidNanos, nowNanos) + everyNanos;
    }
}
