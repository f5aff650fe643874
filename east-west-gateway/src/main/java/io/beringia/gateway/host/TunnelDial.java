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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One attempt along one way: an outer CONNECT on a pooled connection, and for another network an inner one in its
 * stream. Lives on the application's event loop.
 */
final class TunnelDial {
    private final HostWorld world;
    private final HostLoop host;
    private final Workload self;
    private final SocketAddress application;
    private final Outcome outcome;
    /** Of the outer tunnel: one of all of it, and one of its answer. */
    private final List<AwakeTimer> deadlines = new ArrayList<>();

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

    /**
     * @param outerTimeout from the first SYN to the answer of the outer CONNECT; each step of it has a deadline of its own
     *     as well
     */
    void begin(Way.Tunnelled way, SocketAddress address, Duration outerTimeout) {
        assert host.loop().inEventLoop();
        Http2Headers headers = HostHeaders.connect(
                authority(way, address), self, application, way.service(), HostHeaders.traceparent(host.random()));
        deadline(outerTimeout);
        outer = Optional.of(host.pool().open(Set.copyOf(way.expected()), address, headers, new Attempt.Outcome() {
            @Override
            public void onAsked() {
                deadline(world.config().patience().answer());
            }

            @Override
            public void onConnected(RelayEnd end, InetSocketAddress local) {
                deadlines.forEach(AwakeTimer::cancel);
                onOuter(way, headers, end, local);
            }

            @Override
            public void onFailed(DialFailure why) {
                deadlines.forEach(AwakeTimer::cancel);
                fail(new OutboundFailure.Dial(why));
            }
        }));
    }

    private void deadline(Duration after) {
        deadlines.add(AwakeTimer.start(host.loop(), host.clock(), after, this::onOuterTimeout));
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
            deadlines.forEach(AwakeTimer::cancel);
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
                world.config().patience().answer(),
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
