package io.beringia.gateway.outbound;

import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Hedges and retries that this process may still make, so that a failure elsewhere is never answered by a storm: over
 * the last 10 s, hedges up to 10 % of the dials and 20, retries up to 20 % of the dials and 20.
 *
 * <p>Any thread. One immutable window is swapped by compare-and-set; time comes in, in nanoseconds of any monotonic clock.
 */
public final class Budgets {
    private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int WINDOW_SECONDS = 10;
    /** So that a gateway with little to do can hedge at all. */
    private static final int ALWAYS = 20;

    private static final int HEDGES_PERCENT = 10;
    private static final int RETRIES_PERCENT = 20;

    private final AtomicReference<Window> window = new AtomicReference<>(Window.EMPTY);

    /** Counts one dial, however many attempts it will need. */
    public void onDial(long nowNanos) {
        Window seen = latest();
        while (!window.compareAndSet(seen, seen.at(second(nowNanos)).plus(Window.DIALS))) {
            seen = latest();
        }
    }

    /** Whether one more attempt of that kind may be made; if so, it is counted. */
    public boolean take(Cost cost, long nowNanos) {
        return switch (cost) {
            case FREE -> true;
            case HEDGE -> take(Window.HEDGES, HEDGES_PERCENT, nowNanos);
            case RETRY -> take(Window.RETRIES, RETRIES_PERCENT, nowNanos);
        };
    }

    private boolean take(int what, int percent, long nowNanos) {
        while (true) {
            Window seen = latest();
            Window now = seen.at(second(nowNanos));
            if (now.sum(what) >= now.sum(Window.DIALS) * percent / 100 + ALWAYS) {
                return false;
            }
            if (window.compareAndSet(seen, now.plus(what))) {
                return true;
            }
        }
    }

    private Window latest() {
        return Objects.requireNonNull(window.get());
    }

    private static long second(long nowNanos) {
        return Math.floorDiv(nowNanos, SECOND_NANOS);
    }

    /** Counts of the last ten seconds, the newest in the slot of {@code second}. Never changed once made. */
    private static final class Window {
        static final int DIALS = 0;
        static final int HEDGES = 1;
        static final int RETRIES = 2;
        private static final int KINDS = 3;

        static final Window EMPTY = new Window(Long.MIN_VALUE, new long[WINDOW_SECONDS * KINDS]);

        private final long second;
        private final long[] counts;

        private Window(long second, long[] counts) {
            this.second = second;
            this.counts = counts;
        }

        /** This window moved on; a second that lies behind, from a thread that was slow, changes nothing. */
        Window at(long now) {
            if (now <= second) {
                return this;
            }
            long[] moved = counts.clone();
            long gone = second == Long.MIN_VALUE ? WINDOW_SECONDS : Math.min(now - second, WINDOW_SECONDS);
            for (long i = 0; i < gone; i++) {
                int slot = slot(now - i);
                Arrays.fill(moved, slot, slot + KINDS, 0);
            }
            return new Window(now, moved);
        }

        Window plus(int what) {
            long[] more = counts.clone();
            more[slot(second) + what]++;
            return new Window(second, more);
        }

        long sum(int what) {
            long sum = 0;
            for (int i = what; i < counts.length; i += KINDS) {
                sum += counts[i];
            }
            return sum;
        }

        private static int slot(long second) {
            return Math.floorMod(second, WINDOW_SECONDS) * KINDS;
        }
    }
}
