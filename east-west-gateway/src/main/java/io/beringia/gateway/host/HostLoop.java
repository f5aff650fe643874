package io.beringia.gateway.host;

import io.beringia.gateway.limits.ByteBudget;
import io.beringia.gateway.limits.LoopLimits;
import io.beringia.gateway.outbound.PeerTunnels;
import io.beringia.gateway.time.AwakeClock;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.random.RandomGenerator;

/** What one event loop owns: its clock, its pooled tunnels, its inbound streams, its randomness. Lives on that loop. */
record HostLoop(
        EventLoop loop,
        AwakeClock clock,
        PeerTunnels tunnels,
        LiveInbound live,
        LoopLimits limits,
        ByteBudget budget,
        RandomGenerator random) {
    /** That on which this channel lives. */
    static HostLoop of(Map<EventLoop, HostLoop> loops, Channel channel) {
        HostLoop host = loops.get(channel.eventLoop());
        if (host == null) {
            throw new IllegalStateException("event loop: unknown (expected: one of this host)");
        }
        return host;
    }
}
