package io.beringia.gateway.time;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Something that happens on an event loop after so much awake time. A loop that wakes from a pause finds its timers due
 * and the answers they waited for unread: this one then waits for the rest of its time, and the answers come first.
 * Lives on its loop.
 */
public final class AwakeTimer {
    private final EventLoop loop;
    private final LongSupplier awakeNanos;
    private final long dueNanos;
    private final Runnable then;
    private Optional<Future<?>> pending = Optional.empty();
    private boolean over;

    private AwakeTimer(EventLoop loop, LongSupplier awakeNanos, long dueNanos, Runnable then) {
        this.loop = loop;
        this.awakeNanos = awakeNanos;
        this.dueNanos = dueNanos;
        this.then = then;
    }

    /** @param awakeNanos the loop's own {@link AwakeClock} */
    public static AwakeTimer start(EventLoop loop, LongSupplier awakeNanos, Duration after, Runnable then) {
        AwakeTimer timer = new AwakeTimer(loop, awakeNanos, awakeNanos.getAsLong() + after.toNanos(), then);
        timer.await(after.toNanos());
        return timer;
    }

    private void await(long nanos) {
        pending = Optional.of(loop.schedule(this::wake, nanos, TimeUnit.NANOSECONDS));
    }

    private void wake() {
        long left = dueNanos - awakeNanos.getAsLong();
        if (over) {
            return;
        }
        if (left > 0) {
            await(left);
        } else {
            over = true;
            then.run();
        }
    }

    /** It does not happen any more, if it has not yet. */
    public void cancel() {
        over = true;
        pending.ifPresent(one -> one.cancel(false));
    }
}
