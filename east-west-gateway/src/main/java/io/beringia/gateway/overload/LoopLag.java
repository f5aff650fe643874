package io.beringia.gateway.overload;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How late the event loops are: the worst loop of each look, the best of the last three looks, since one collection or
 * one stop of the process is no overload. At most one question waits in a loop. Owned by whoever looks.
 */
public final class LoopLag implements Supplier<Duration> {
    private static final int LOOKS = 3;

    private final LongSupplier nanoTime;
    private final List<Asked> loops = new ArrayList<>();
    private final long[] worst = new long[LOOKS];
    private int look;

    /** One loop. Owned by whoever looks, except for its answer. */
    private static final class Asked {
        private final EventLoop loop;
        private long askedNanos;
        private boolean waiting;
        private volatile long answeredAfterNanos = -1;

        private Asked(EventLoop loop) {
            this.loop = loop;
        }
    }

    public LoopLag(EventLoopGroup group, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        for (EventExecutor loop : group) {
            loops.add(new Asked((EventLoop) loop));
        }
    }

    @Override
    public Duration get() {
        worst[look++ % LOOKS] = loops.stream().mapToLong(this::late).max().orElse(0);
        long best = Long.MAX_VALUE;
        for (long one : worst) {
            best = Math.min(best, one);
        }
        return Duration.ofNanos(best);
    }

    /** The last answer, or how long it is awaited; and asks again. */
    private long late(Asked one) {
        long now = nanoTime.getAsLong();
        long answer = one.answeredAfterNanos;
        if (one.waiting && answer < 0) {
            return now - one.askedNanos;
        }
        if (!one.loop.isShuttingDown()) {
            one.waiting = true;
            one.askedNanos = now;
            one.answeredAfterNanos = -1;
            one.loop.execute(() -> one.answeredAfterNanos = nanoTime.getAsLong() - now);
        }
        return Math.max(0, answer);
    }
}
