package io.beringia.gateway.time;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** One {@link AwakeClock} for each event loop of a group, kept going by its loop. Immutable; any thread. */
public final class LoopClocks {
    private final Map<EventLoop, AwakeClock> clocks;

    private LoopClocks(Map<EventLoop, AwakeClock> clocks) {
        this.clocks = Map.copyOf(clocks);
    }

    public static LoopClocks of(EventLoopGroup group, LongSupplier nanoTime) {
        Map<EventLoop, AwakeClock> clocks = new HashMap<>();
        for (EventExecutor executor : group) {
            EventLoop loop = (EventLoop) executor;
            AwakeClock clock = new AwakeClock(nanoTime);
            long beat = AwakeClock.BEAT.toNanos();
            loop.scheduleWithFixedDelay(clock::getAsLong, 0, beat, TimeUnit.NANOSECONDS);
            clocks.put(loop, clock);
        }
        return new LoopClocks(clocks);
    }

    /** The clock of that loop, to be read on it. */
    public AwakeClock of(EventLoop loop) {
        AwakeClock clock = clocks.get(loop);
        if (clock == null) {
            throw new IllegalArgumentException("event loop: unknown (expected: one of the group)");
        }
        return clock;
    }
}
