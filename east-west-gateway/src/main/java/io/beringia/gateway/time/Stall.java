package io.beringia.gateway.time;

import java.time.Duration;

/**
 * Whether one event loop stands still while its watcher goes on. Pure. Only beats of the watcher that came in time count,
 * and only those at which the loop's thread was not waiting for a processor: whoever is stopped or starved is not to
 * blame. A thread that computes is given longer, since a burst of cold work ends.
 *
 * @param beats in time since the loop last turned, at which its thread was blocked
 * @param cpuMillis of the thread when it last turned
 * @param busyMillis of processor time that it has used since
 */
record Stall(int beats, long cpuMillis, long busyMillis) {
    static final Duration BEAT = Duration.ofMillis(100);
    /** Together a second. */
    static final int BEATS_MAX = 10;

    static final Duration BUSY_MAX = Duration.ofSeconds(5);

    private static final long IN_TIME_NANOS = BEAT.toNanos() * 3 / 2;

    static final Stall NONE = new Stall(0, 0, 0);

    /**
     * After one more beat.
     *
     * @param hasTurned whether the loop did something since the beat before
     * @param gapNanos since the beat before
     * @param pulse of the loop's thread now
     */
    Stall after(boolean hasTurned, long gapNanos, Pulse pulse) {
        if (hasTurned) {
            return new Stall(0, pulse.cpuMillis(), 0);
        }
        if (pulse.runnable()) {
            return new Stall(beats, cpuMillis, pulse.cpuMillis() - cpuMillis);
        }
        return gapNanos <= IN_TIME_NANOS ? new Stall(beats + 1, cpuMillis, busyMillis) : this;
    }

    boolean isHang() {
        return beats >= BEATS_MAX || busyMillis >= BUSY_MAX.toMillis();
    }
}
