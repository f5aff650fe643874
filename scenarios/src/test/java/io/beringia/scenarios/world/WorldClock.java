package io.beringia.scenarios.world;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** The one clock of a world. Only the world turns it. */
final class WorldClock {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final long originNanos;
    private long millis;

    /** @param originNanos where the monotonic clock of every process stands at first; any value will do */
    WorldClock(long originNanos) {
        this.originNanos = originNanos;
    }

    void turn(long byMillis) {
        millis += byMillis;
    }

    /** Since the world began. */
    long millis() {
        return millis;
    }

    /** As {@link System#nanoTime()} would say it: it may wrap. */
    long nanos() {
        return nanos(millis);
    }

    long nanos(long atMillis) {
        return originNanos + TimeUnit.MILLISECONDS.toNanos(atMillis);
    }

    Instant instant() {
        return START.plusMillis(millis);
    }
}
