package io.beringia.gateway.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.FakeCredentials;
import io.beringia.gateway.FarGateway;
import io.beringia.gateway.GatewayTelemetry;
import io.beringia.gateway.HboneClient.Tunnel;
import io.beringia.gateway.World;
import io.beringia.gateway.journal.Recorded;
import io.beringia.gateway.journal.TunnelFacts;
import io.beringia.gateway.journal.TunnelJournal;
import io.beringia.gateway.limits.ByteBudget;
import io.beringia.gateway.limits.LimitsConfig;
import io.beringia.gateway.limits.LoopLimits;
import io.beringia.gateway.limits.MaxAge;
import io.beringia.gateway.observe.LoopOutcomes;
import io.beringia.gateway.observe.Outcomes;
import io.beringia.gateway.observe.PathTable;
import io.beringia.gateway.observe.TunnelCounts;
import io.beringia.gateway.outbound.Budgets;
import io.beringia.gateway.outbound.Cost;
import io.beringia.gateway.outbound.DialFailure;
import io.beringia.gateway.outbound.Dialer;
import io.beringia.gateway.outbound.Leg;
import io.beringia.gateway.outbound.PeerTunnels;
import io.beringia.gateway.outbound.Sockets;
import io.beringia.gateway.overload.OverloadLevel;
import io.beringia.gateway.relay.Transport;
import io.beringia.gateway.routing.Candidate;
import io.beringia.gateway.routing.ListenerRole;
import io.beringia.gateway.routing.Self;
import io.beringia.gateway.tls.HandshakeVerdict;
import io.beringia.gateway.tls.TlsContexts;
import io.beringia.trust.client.SpiffeVerifier;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A tunnel whose far end has answered, and whose client may not hear of it before that is written down. */
final class RecordingTest {
    private static final Duration WAIT = Duration.ofSeconds(20);

    private final World world = new World();
    private final EventLoopGroup group = Transport.best().loops(1, "recording-");
    private final EventLoop loop = group.next();
    private final ChannelGroup connections = new DefaultChannelGroup(loop);
    private final LiveTunnels live = new LiveTunnels();
    private final SlowDisk disk = new SlowDisk();

    @AfterEach
    void ends() throws Exception {
        world.close();
        connections.close().awaitUninterruptibly();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** Writes when it is told to. */
    private static final class SlowDisk implements TunnelJournal {
        final BlockingQueue<Consumer<Recorded>> waiting = new LinkedBlockingQueue<>();
        final BlockingQueue<String> closed = new LinkedBlockingQueue<>();

        @Override
        public void allowed(
                Supplier<TunnelFacts> tunnel, EventLoop loop, LongSupplier awakeNanos, Consumer<Recorded> then) {
            waiting.add(then);
        }

        @Override
        public void denied(Supplier<TunnelFacts> tunnel, String reason) {}

        @Override
        public void closed(Supplier<TunnelFacts> tunnel, long bytesUp, long bytesDown, String ending) {
            closed.add(ending);
        }
    }

    private static final class Unwatched implements Dialer.Watcher {
        @Override
        public void onAttempt(Cost cost) {}

        @Override
        public void onConnected(Candidate candidate, Leg leg) {}

        @Override
        public void onFailed(Candidate candidate, Leg leg, DialFailure why) {}

        @Override
        public void onOutrun(Candidate candidate, Leg leg) {}
    }

    private SocketAddress listen(SocketAddress hbone) {
        FakeCredentials credentials = world.east.credentials();
        TlsContexts contexts = TlsContexts.of(
                credentials.svid(),
                new HandshakeVerdict(new SpiffeVerifier(), credentials::bundles, InstantSource.system()));
        ByteBudget budget = new ByteBudget(1 << 24, () -> {});
        Sockets sockets = new Sockets(Transport.best(), world.east.source(), Sockets.OF_GATEWAY);
        PeerTunnels peers = new PeerTunnels(
                loop,
                sockets,
                () -> contexts,
                connections,
                () -> Duration.ofMinutes(1),
                System::nanoTime,
                budget,
                (_, _) -> {});
        TunnelLoop here = new TunnelLoop(
                loop,
                new Self(
                        world.east.cluster(),
                        world.east.region(),
                        world.east.network(),
                        "gw",
                        Set.of(hbone),
                        world.east.source(),
                        true),
                world.east.catalog::latest,
                () -> PathTable.EMPTY,
                new Dialer(
                        loop,
                        Dialer.byNetwork(loop, sockets, peers, System::nanoTime),
                        () -> PathTable.EMPTY,
                        new Budgets(),
                        System::nanoTime,
                        System::nanoTime,
                        new Unwatched()),
                live,
                new TunnelCounts(),
                new LoopOutcomes(new Outcomes()),
                new LoopLimits(new LoopLimits.Shared(
                        LimitsConfig.ofProcess(), System::nanoTime, new Random(1), (peer, word) -> {})),
                budget,
                new Random(1),
                System::nanoTime,
                System::nanoTime,
                MaxAge.DEFAULT,
                () -> OverloadLevel.NONE,
                disk,
                new GatewayTelemetry(world.east.meters));
        world.keep(TunnelListener.bind(
                ListenerRole.RELAY, hbone, Transport.best(), group, () -> contexts, _ -> here, connections));
        return hbone;
    }

    @Test
    void a_path_that_goes_down_meanwhile_is_told_at_once_and_never_by_a_200() throws Exception {
        world.west.addPod();
        SocketAddress west = world.west.addGateway();
        FarGateway far = world.keep(new FarGateway(west, world.west.svid(world.west.gatewayId()), FarGateway::accept));
        SocketAddress east = listen(world.east.addGateway());
        world.publish();
        Tunnel tunnel =
                world.client(east, world.east.svid(world.east.clientId())).open(World.AUTHORITY);
        Consumer<Recorded> written = disk.waiting.poll(WAIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(written).as("the far end has answered").isNotNull();
        PathTable down = new PathTable(Map.of(west, new PathTable.PathView(PathState.DOWN, Duration.ZERO)));
        loop.execute(() -> {
            live.onPaths(down);
            written.accept(Recorded.ENOUGH);
        });
        assertThat(tunnel.status()).isEqualTo("503");
        assertThat(far.nextReset()).isEqualTo(0x8);
        assertThat(disk.closed.poll(WAIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo("no-endpoint");
    }
}
