package io.beringia.discovery.wire;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Pauses between streams of evidence: from nothing up to a limit that doubles until a stream was useful. A dead replica
 * costs a dial or two a second, so that one that comes back has a vote within one. Owned by the stream's thread.
 */
final class Backoff {
    private static final long MILLIS_MIN = 20;
    private static final long MILLIS_MAX = 1_000;

    private final RandomGenerator random;
    private long millis = MILLIS_MIN;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    void pause(boolean wasUseful) throws InterruptedException {
        millis = wasUseful ? MILLIS_MIN : Math.min(2 * millis, MILLIS_MAX);
        Thread.sleep(Duration.ofMillis(1 + random.nextLong(millis)));
    }
}
