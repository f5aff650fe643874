package io.beringia.gateway.host;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.CatalogSource;
import io.beringia.gateway.limits.ByteBudget;
import io.beringia.gateway.limits.LimitsConfig;
import io.beringia.gateway.limits.LoopLimits;
import io.beringia.gateway.limits.MaxAge;
import io.beringia.gateway.limits.PeerAllowance;
import io.beringia.gateway.outbound.PeerTunnels;
import io.beringia.gateway.outbound.Sockets;
import io.beringia.gateway.relay.Transport;
import io.beringia.gateway.time.AwakeClock;
import io.beringia.gateway.time.LoopClocks;
import io.beringia.gateway.tls.HandshakeVerdict;
import io.beringia.gateway.tls.Resumption;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.PeerVerifier;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** The host proxy, wired: credentials, catalog, event loops, listeners. Any thread. */
public final class HostMain implements AutoCloseable {
    /** How often a drain looks whether connections are left. */
    private static final Duration DRAIN_STEP = Duration.ofMillis(20);
    /** How often certificates that have ended, and callers that have gone, are looked for. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
    /** A second, of one caller. */
    private static final int NEW_TUNNELS = 5_000;

    private final HostWorld world;
    private final HostIdentity identity;
    private final EventLoopGroup group;
    private final Map<EventLoop, HostLoop> loops;
    private final List<Channel> listeners;
    private final CatalogSource.Subscription subscription;

    private HostMain(
            HostWorld world,
            HostIdentity identity,
            EventLoopGroup group,
            Map<EventLoop, HostLoop> loops,
            List<Channel> listeners) {
        this.world = world;
        this.identity = identity;
        this.group = group;
        this.loops = loops;
        this.listeners = List.copyOf(listeners);
        this.subscription = world.source().subscribe(this::onCatalog);
        long everyMillis = LOOK_EVERY.toMillis();
        group.next()
                .scheduleWithFixedDelay(world.peers()::judgeExpired, everyMillis, everyMillis, TimeUnit.MILLISECONDS);
    }

    /** Returns when every listener is bound; throws, with nothing left behind, if one cannot be. */
    public static HostMain start(
            HostConfig config,
            Credentials credentials,
            PeerVerifier verifier,
            CatalogSource source,
            MeterRegistry meters,
            InstantSource clock) {
        Resumption.requireOff();
        HandshakeVerdict verdict = new HandshakeVerdict(verifier, credentials::bundles, clock);
        HostTelemetry telemetry = new HostTelemetry(meters);
        HostPeers peers = new HostPeers(verdict, telemetry);
        HostIdentity identity = new HostIdentity(credentials, verdict, peers);
        Transport transport = Transport.best();
        HostWorld world = new HostWorld(
                config,
                source,
                identity,
                new Sockets(transport, config.source(), config.patience().connect()),
                telemetry,
                new OpenConnections(),
                peers);
        EventLoopGroup group = transport.loops(config.loops(), "host-");
        Map<EventLoop, HostLoop> loops = loops(world, group);
        try {
            return new HostMain(world, identity, group, loops, bind(world, group, loops));
        } catch (RuntimeException taken) {
            identity.close();
            group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            throw taken;
        }
    }

    private static Map<EventLoop, HostLoop> loops(HostWorld world, EventLoopGroup group) {
        SplittableRandom random = new SplittableRandom();
        LoopClocks clocks = LoopClocks.of(group, System::nanoTime);
        ByteBudget bytes = new ByteBudget(limits().tunnelBytes(), world.telemetry()::tunnelShed);
        LoopLimits.Shared limits =
                new LoopLimits.Shared(limits(), System::nanoTime, new SecureRandom(), world.telemetry()::peerLimited);
        long everyMillis = LOOK_EVERY.toMillis();
        group.next().scheduleWithFixedDelay(limits::forget, everyMillis, everyMillis, TimeUnit.MILLISECONDS);
        Map<EventLoop, HostLoop> loops = new HashMap<>();
        for (EventExecutor executor : group) {
            EventLoop loop = (EventLoop) executor;
            AwakeClock clock = clocks.of(loop);
            SplittableRandom own = random.split();
            PeerTunnels tunnels = new PeerTunnels(
                    loop,
                    world.sockets(),
                    world.contexts(),
                    world.peers().connections(),
                    () -> MaxAge.DEFAULT.drawn(own),
                    clock,
                    bytes);
            loops.put(
                    loop,
                    new HostLoop(loop, clock, tunnels, new LiveInbound(loop), new LoopLimits(limits), bytes, own));
        }
        return Map.copyOf(loops);
    }

    /** A caller elsewhere comes from the address of a gateway, with a connection for each call: only the total is bounded. */
    private static LimitsConfig limits() {
        PeerAllowance each = new PeerAllowance(OpenConnections.MAX, OpenConnections.MAX, NEW_TUNNELS);
        LimitsConfig usual = LimitsConfig.ofProcess();
        return new LimitsConfig(
                usual.tunnelBytes(),
                usual.stall(),
                2 * OpenConnections.MAX,
                2 * OpenConnections.MAX,
                usual.handshakes(),
                each,
                each);
    }

    private static List<Channel> bind(HostWorld world, EventLoopGroup group, Map<EventLoop, HostLoop> loops) {
        List<Channel> bound = new ArrayList<>(new HostOutbound(world, loops).bind(group));
        world.config().inbound().ifPresent(inbound -> bound.add(new HostInbound(world, inbound, loops).bind(group)));
        return bound;
    }

    private void onCatalog() {
        loops.values().forEach(loop -> loop.live().onCatalog(world));
    }

    /** What is still missing before this proxy can serve; empty when it is ready. */
    public List<String> awaited() {
        Catalog catalog = world.catalog();
        if (catalog.revision() == 0) {
            return List.of("first catalog");
        }
        return world.self(catalog).isPresent()
                ? List.of()
                : List.of("our workload " + world.config().workload());
    }

    /** Connections carried now, in both directions. */
    public int connections() {
        return world.open().count();
    }

    /** Accepts nothing new, and waits until what is open has ended, at most this long. */
    public void drain(Duration deadline) throws InterruptedException {
        listeners.forEach(listener -> listener.close().syncUninterruptibly());
        loops.values().forEach(loop -> loop.loop().execute(loop.live()::goAway));
        long end = System.nanoTime() + deadline.toNanos();
        while (world.open().count() > 0 && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(DRAIN_STEP.toMillis());
        }
    }

    /** Cuts off what is still open. */
    @Override
    public void close() {
        subscription.close();
        listeners.forEach(listener -> listener.close().syncUninterruptibly());
        identity.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
