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

    /** Nothing of a process works before its first certificate, so it asks more often. */
    private static final Duration FIRST_RETRY_FIRST = Duration.ofMillis(250);

    private static final Duration STREAM_RETRY_SOON = Duration.ofMillis(250);
    private static final int STREAM_ATTEMPTS_SOON = 40;
    private static final int ATTEMPTS_IN_WHAT_IS_LEFT = 5;
    private static final Duration FIRST_RETRY_MAX = Duration.ofSeconds(10);
    private static final double RETRY_JITTER = 0.2;

    /** Below this share of a life somebody has to look. */
    private static final double ALARM = 1.0 / 3;

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

    /**
     * How long to wait after the {@code failures}th failure in a row (1 or more): 1 s, doubled up to 150 s.
     *
     * @param dice 0 to 1: 20 % less or more
     */
    static Duration untilRetry(int failures, double dice) {
        return backOff(RETRY_FIRST, RETRY_MAX, failures, dice);
    }

    /**
     * The same for a certificate that ends in {@code left}: never longer than a fifth of that, so that it is not slept past,
     * and some attempts are left for a server that comes back late; and no longer than for a first one once it has ended.
     */
    static Duration untilRetry(int failures, Duration left, double dice) {
        Duration most =
                left.isPositive() ? longer(left.dividedBy(ATTEMPTS_IN_WHAT_IS_LEFT), RETRY_FIRST) : FIRST_RETRY_MAX;
        Duration usual = untilRetry(failures, dice);
        return usual.compareTo(most) < 0 ? usual : most;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** The same while there is no first certificate yet: 250 ms, doubled up to 10 s. */
    static Duration untilFirstRetry(int failures, double dice) {
        return backOff(FIRST_RETRY_FIRST, FIRST_RETRY_MAX, failures, dice);
    }

    /**
     * How long until roots are followed anew, {@code failures} attempts after a stream that told some and stood: a role that is
     * restarted is back within seconds, and a root or trust domain that it takes away is to be gone everywhere a second
     * later. A quarter of a second for the first ten, then like any other retry.
     */
    static Duration untilNextStream(int failures, double dice) {
        return failures < STREAM_ATTEMPTS_SOON
                ? backOff(STREAM_RETRY_SOON, STREAM_RETRY_SOON, 1, dice)
                : untilRetry(failures - STREAM_ATTEMPTS_SOON + 1, dice);
    }

    /** True where less than a third of a life is left: renewal failed for long. */
    static boolean isLate(Instant notBefore, Instant notAfter, Instant now) {
        Duration life = Duration.between(notBefore, notAfter);
        return Duration.between(now, notAfter).toMillis() < life.toMillis() * ALARM;
    }

    private static Duration backOff(Duration first, Duration most, int failures, double dice) {
        int doublings = Math.min(failures - 1, 8);
        Duration doubled = first.multipliedBy(1L << doublings);
        Duration wait = doubled.compareTo(most) > 0 ? most : doubled;
        return Duration.ofMillis((long) (wait.toMillis() * (1 + RETRY_JITTER * (2 * dice - 1))));
    }
}
