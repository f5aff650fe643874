package io.beringia.gateway.host;

import io.beringia.gateway.outbound.PeerTunnels;
import io.netty.channel.EventLoop;
import java.util.random.RandomGenerator;

/** What one event loop owns: its pooled tunnels, its inbound streams, its randomness. Lives on that loop. */
record HostLoop(EventLoop loop, PeerTunnels tunnels, LiveInbound live, RandomGenerator random) {}
