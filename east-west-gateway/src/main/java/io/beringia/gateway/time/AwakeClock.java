package io.beringia.gateway.time;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Monotonic time in nanoseconds that stands still while its thread cannot run. Whoever was stopped (SIGSTOP, a long
 * collection, a starved processor) has heard nobody meanwhile, and what was said to it waits in the kernel: no deadline
 * may end, and no silence may grow, by a time in which nothing could be heard.
 *
 * <p>Its thread reads it at least once every {@link #BEAT}; a longer gap between two readings than beat and
 * {@link #PAUSE} together was a pause. So a pause is known at the first reading after it, whatever is read first.
 *
 * <p>Owned by one thread. Readings of two such clocks are not comparable.
 */
public final class AwakeClock implements LongSupplier {
    /** Its thread reads it this often, whatever else it does. */
    public static final Duration BEAT = Duration.ofMillis(100);
    /** A shorter one is no pause: any thread waits as long for a processor now and then. */
    public static final Duration PAUSE = Duration.ofMillis(200);

    private static final long GAP_MAX_NANOS = BEAT.plus(PAUSE).toNanos();

    private final LongSupplier nanoTime;
    private long seenNanos;
    private long sleptNanos;

    /** @param nanoTime goes on during a pause, as {@link System#nanoTime} does */
    public AwakeClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.seenNanos = nanoTime.getAsLong();
    }

    @Override
    public long getAsLong() {
        long now = nanoTime.getAsLong();
        long gap = now - seenNanos;
        if (gap > GAP_MAX_NANOS) {
            sleptNanos += gap;
        }
        seenNanos = now;
        return now - sleptNanos;
    }

    /** All pauses up to the last reading together. */
    public long sleptNanos() {
        return sleptNanos;
    }
}
