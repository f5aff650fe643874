package io.beringia.gateway.host;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Way;
import io.beringia.discovery.catalog.Workload;
import io.beringia.gateway.outbound.Attempt;
import io.beringia.gateway.outbound.DialFailure;
import io.beringia.gateway.outbound.InnerTunnel;
import io.beringia.gateway.relay.RelayEnd;
import io.beringia.gateway.time.AwakeTimer;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * One attempt along one way: an outer CONNECT on a pooled connection, and for another network an inner one in its
 * stream. Lives on the application's event loop.
 */
final class TunnelDial {
    /** TCP 3 s and CONNECT 5 s; the handshake between them has 5 s of its own and ends sooner. */
    static final Duration OUTER_TIMEOUT = Duration.ofSeconds(8);

    /**
     * For the same while another endpoint or gateway is left to try: a frozen one keeps its connections open and says
     * nothing, and whoever waits for it must not have used up its own patience.
     */
    static final Duration OUTER_TIMEOUT_WITH_ANOTHER = Duration.ofSeconds(2);

    private final HostWorld world;
    private final HostLoop host;
    private final Workload self;
    private final SocketAddress application;
    private final Outcome outcome;
    private Optional<Attempt> outer = Optional.empty();
    private boolean over;

    /** Exactly one of these is called, once. */
    interface Outcome {
        /** {@code release} must run when the tunnel has ended. */
        void onOpen(RelayEnd tunnel, Runnable release);

        void onFailed(OutboundFailure.Dial why);
    }

    TunnelDial(HostWorld world, HostLoop host, Workload self, SocketAddress application, Outcome outcome) {
        this.world = world;
        this.host = host;
        this.self = self;
        this.application = application;
        this.outcome = outcome;
    }

    void begin(Way.Tunnelled way, SocketAddress address, Duration outerTimeout) {
        assert host.loop().inEventLoop();
        Http2Headers headers = HostHeaders.connect(
                authority(way, address), self, application, way.service(), HostHeaders.traceparent(host.random()));
        AwakeTimer deadline = AwakeTimer.start(host.loop(), host.clock(), outerTimeout, this::onOuterTimeout);
        outer = Optional.of(host.tunnels().open(Set.copyOf(way.expected()), address, headers, new Attempt.Outcome() {
            @Override
            public void onConnected(RelayEnd end, InetSocketAddress local) {
                deadline.cancel();
                onOuter(way, headers, end, local);
            }

            @Override
            public void onFailed(DialFailure why) {
                deadline.cancel();
                fail(new OutboundFailure.Dial(why));
            }
        }));
    }

    private static String authority(Way.Tunnelled way, SocketAddress address) {
        return switch (way) {
            case Way.Direct direct -> direct.authority(address.ip());
            case Way.ViaWaypoint waypoint -> waypoint.authority();
            case Way.ViaGateway gateway -> gateway.authority();
        };
    }

    private void onOuterTimeout() {
        if (!over) {
            outer.ifPresent(Attempt::cancel);
            fail(new OutboundFailure.Dial(new DialFailure.TimedOut()));
        }
    }

    private void onOuter(Way.Tunnelled way, Http2Headers headers, RelayEnd end, InetSocketAddress local) {
        switch (way) {
            case Way.Direct _, Way.ViaWaypoint _ -> open(end, () -> {});
            case Way.ViaGateway gateway -> inside(gateway, headers, end, local);
        }
    }

    private void inside(Way.ViaGateway way, Http2Headers headers, RelayEnd end, InetSocketAddress local) {
        InnerOutcome inner = new InnerOutcome();
        InnerTunnel tunnel = InnerTunnel.open(
                host.loop(),
                end,
                local,
                world.contexts().get(),
                Set.copyOf(way.innerExpected()),
                HostHeaders.inner(headers, self.network()),
                host.clock(),
                inner);
        world.peers().connections().add(tunnel.channel());
        inner.tunnel = Optional.of(tunnel);
    }

    /** Told by the inner tunnel, which is never pooled and so ends with its one stream. */
    private final class InnerOutcome implements Attempt.Outcome {
        private Optional<InnerTunnel> tunnel = Optional.empty();

        @Override
        public void onConnected(RelayEnd end, InetSocketAddress local) {
            open(end, () -> tunnel.ifPresent(InnerTunnel::close));
        }

        @Override
        public void onFailed(DialFailure why) {
            fail(new OutboundFailure.Dial(why, OutboundFailure.Tunnel.INNER));
        }
    }

    private void open(RelayEnd end, Runnable release) {
        over = true;
        outcome.onOpen(end, release);
    }

    private void fail(OutboundFailure.Dial why) {
        if (!over) {
            over = true;
            outcome.onFailed(why);
        }
    }
}
