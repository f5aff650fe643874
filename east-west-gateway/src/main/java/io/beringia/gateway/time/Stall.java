package io.beringia.gateway.time;

import java.time.Duration;

/**
 * Whether one event loop stands still while its watcher goes on. Pure. Only beats of the watcher that came in time count:
 * whoever is stopped, or waits for a processor itself, must not blame others for it.
 *
 * @param beats in time, since the loop last turned
 */
record Stall(int beats) {
    static final Duration BEAT = Duration.ofMillis(100);
    /** Together a second. */
    static final int BEATS_MAX = 10;

    private static final long IN_TIME_NANOS = BEAT.toNanos() * 3 / 2;

    static final Stall NONE = new Stall(0);

    /**
     * After one more beat.
     *
     * @param hasTurned whether the loop did something since the beat before
     * @param gapNanos since the beat before
     */
    Stall after(boolean hasTurned, long gapNanos) {
        if (hasTurned) {
            return NONE;
        }
        return gapNanos <= IN_TIME_NANOS ? new Stall(beats + 1) : this;
    }

    boolean isHang() {
        return beats >= BEATS_MAX;
    }
}
