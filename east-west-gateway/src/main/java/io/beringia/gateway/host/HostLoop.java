package io.beringia.gateway.host;

import io.beringia.gateway.limits.StreamLimits;
import io.beringia.gateway.outbound.PeerTunnels;
import io.beringia.gateway.time.AwakeClock;
import io.netty.channel.EventLoop;
import java.util.random.RandomGenerator;

/** What one event loop owns: its clock, its pooled tunnels, its inbound streams, its randomness. Lives on that loop. */
record HostLoop(
        EventLoop loop,
        AwakeClock clock,
        PeerTunnels tunnels,
        LiveInbound live,
        StreamLimits limits,
        RandomGenerator random) {}
