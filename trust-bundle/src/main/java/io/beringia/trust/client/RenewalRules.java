package io.beringia.trust.client;

import java.time.Duration;
import java.time.Instant;

/** When to ask for the next certificate. Pure. */
final class RenewalRules {
    private static final double HALF = 0.5;

    /** Spreads the renewals of processes that were started together. */
    private static final double JITTER = 0.05;

    private static final Duration RETRY_FIRST = Duration.ofSeconds(1);
    private static final Duration RETRY_MAX = Duration.ofSeconds(150);

    private RenewalRules() {}

    /**
     * How long to wait from {@code now}; zero where it is time already.
     *
     * @param dice 0 to 1: half of the life less or more 5 % of it
     */
    static Duration untilRenewal(Instant notBefore, Instant notAfter, Instant now, double dice) {
        double share = HALF + JITTER * (2 * dice - 1);
        long lifeMillis = Duration.between(notBefore, notAfter).toMillis();
        Duration left = Duration.between(now, notBefore.plusMillis((long) (lifeMillis * share)));
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** How long to wait after the {@code failures}th failure in a row (1 or more): 1 s, doubled up to 150 s. */
    static Duration untilRetry(int failures) {
        int doublings = Math.min(failures - 1, 8);
        Duration wait = RETRY_FIRST.multipliedBy(1L << doublings);
        return wait.compareTo(RETRY_MAX) > 0 ? RETRY_MAX : wait;
    }
}
