package io.beringia.gateway.host;

import io.beringia.gateway.drain.Drained;
import io.beringia.gateway.drain.Residue;
import io.beringia.gateway.limits.ByteBudget;
import io.beringia.gateway.limits.LoopLimits;
import io.beringia.gateway.outbound.PeerTunnels;
import io.beringia.gateway.time.AwakeClock;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** What one event loop owns: its clock, its pooled tunnels, what it carries, its randomness. Lives on that loop. */
record HostLoop(
        EventLoop loop,
        AwakeClock clock,
        PeerTunnels pool,
        LiveConnections live,
        LoopLimits limits,
        ByteBudget budget,
        RandomGenerator random,
        LocalListeners listeners)
        implements Drained {
    /** That on which this channel lives. */
    static HostLoop of(Map<EventLoop, HostLoop> loops, Channel channel) {
        HostLoop host = loops.get(channel.eventLoop());
        if (host == null) {
            throw new IllegalStateException("event loop: unknown (expected: one of this host)");
        }
        return host;
    }

    @Override
    public LongSupplier awakeNanos() {
        return clock;
    }

    @Override
    public int tunnels() {
        return live.size();
    }

    @Override
    public int goodbyesDue() {
        return live.goodbyesDue();
    }

    @Override
    public void leave(Duration spread) {
        listeners.close();
        live.leave(spread, this);
    }

    @Override
    public Residue residue() {
        return live.residue(clock.getAsLong());
    }

    @Override
    public void cut(int tunnels) {
        live.cut(tunnels);
    }

    /** Nothing is carried any more. */
    void end() {
        live.cut(live.size());
    }
}
