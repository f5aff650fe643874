package io.beringia.failover.health;

import java.time.Duration;
import java.time.Instant;

/**
 * What is usual: outcomes that were found to be well, each minute weighed a sixtieth less than the one after it.
 *
 * @param since up to when it has faded
 */
public record Baseline(long tried, long failed, Instant since) {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final long MINUTES = 60;

    /** By then nothing is left that counts. */
    private static final long MINUTES_MAX = 10 * MINUTES;

    static Baseline begun(Instant now) {
        return new Baseline(0, 0, now);
    }

    /** As it stands then. */
    Baseline at(Instant now) {
        long minutes = Duration.between(since, now).toMinutes();
        if (minutes <= 0) {
            return this;
        }
        long left = tried;
        long leftFailed = failed;
        for (long i = 0; i < Math.min(minutes, MINUTES_MAX); i++) {
            left = left * (MINUTES - 1) / MINUTES;
            leftFailed = leftFailed * (MINUTES - 1) / MINUTES;
        }
        return new Baseline(left, leftFailed, since.plus(MINUTE.multipliedBy(minutes)));
    }

    Baseline plus(Attempts well) {
        return new Baseline(tried + well.tried(), failed + well.failed(), since);
    }
}
