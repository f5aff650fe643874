package io.beringia.gateway.host;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.CatalogSource;
import io.beringia.discovery.catalog.HostReport;
import io.beringia.gateway.drain.Drain;
import io.beringia.gateway.drain.DrainConfig;
import io.beringia.gateway.drain.Residue;
import io.beringia.gateway.limits.ByteBudget;
import io.beringia.gateway.limits.LimitsConfig;
import io.beringia.gateway.limits.LoopLimits;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The host proxy, wired: credentials, catalog, event loops, listeners. Any thread; closed by the one that started it. */
public final class HostMain implements AutoCloseable {
    /** How often certificates that have ended, and callers that have gone, are looked for. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
    /** For all that is open to be cut off, and for peers to be told so; a loop that takes longer hangs. */
    private static final Duration CUT_TIMEOUT = Duration.ofSeconds(1);

    private final HostWorld world;
    private final HostIdentity identity;
    private final EventLoopGroup group;
    private final Map<EventLoop, HostLoop> loops;
    private final Optional<Channel> inbound;
    private final LocalListeners outbound;
    private final CatalogSource.Subscription subscription;
    private final Optional<ReadinessLoop> readiness;
    private volatile boolean draining;
    private boolean closed;

    private HostMain(
            HostWorld world,
            HostIdentity identity,
            EventLoopGroup group,
            Map<EventLoop, HostLoop> loops,
            LocalListeners outbound,
            Consumer<HostReport> told) {
        this.world = world;
        this.identity = identity;
        this.group = group;
        this.loops = loops;
        this.outbound = outbound;
        new HostOutbound(world, loops).bind(group, outbound);
        this.inbound = world.config().inbound().map(it -> new HostInbound(world, it, loops).bind(group));
        this.subscription = world.source().subscribe(this::onCatalog);
        long everyMillis = LOOK_EVERY.toMillis();
        group.next()
                .scheduleWithFixedDelay(world.peers()::judgeExpired, everyMillis, everyMillis, TimeUnit.MILLISECONDS);
        this.readiness = world.config().readiness().map(it -> ReadinessLoop.start(it, told, world.telemetry()));
    }

    /** The same, of a host that tells nobody how it is. */
    public static HostMain start(
            HostConfig config,
            Credentials credentials,
            PeerVerifier verifier,
            CatalogSource source,
            MeterRegistry meters,
            InstantSource clock) {
        return start(config, credentials, verifier, source, report -> {}, meters, clock);
    }

    /**
     * Returns when every listener is bound; throws, with nothing left behind, if one cannot be.
     *
     * @param told hears whether the application may be called, each time that this changes; it must not wait
     */
    public static HostMain start(
            HostConfig config,
            Credentials credentials,
            PeerVerifier verifier,
            CatalogSource source,
            Consumer<HostReport> told,
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
                new OpenConnections(config.limits().connections()),
                peers,
                new HopNames());
        EventLoopGroup group = transport.loops(config.loops(), "host-");
        LocalListeners outbound = new LocalListeners();
        try {
            return new HostMain(world, identity, group, loops(world, group, outbound), outbound, told);
        } catch (RuntimeException taken) {
            identity.close();
            world.names().close();
            group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            throw taken;
        }
    }

    private static Map<EventLoop, HostLoop> loops(HostWorld world, EventLoopGroup group, LocalListeners outbound) {
        SplittableRandom random = new SplittableRandom();
        LoopClocks clocks = LoopClocks.of(group, System::nanoTime);
        LimitsConfig inbound = world.config().limits().inbound();
        ByteBudget bytes = new ByteBudget(inbound.tunnelBytes(), world.telemetry()::tunnelShed);
        LoopLimits.Shared limits =
                new LoopLimits.Shared(inbound, System::nanoTime, new SecureRandom(), world.telemetry()::peerLimited);
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
                    () -> world.config().maxAge().drawn(own),
                    clock,
                    bytes,
                    (gateway, said) -> world.telemetry().goAwayHeard("outbound", gateway, said));
            loops.put(
                    loop,
                    new HostLoop(
                            loop,
                            clock,
                            tunnels,
                            new LiveConnections(loop),
                            new LoopLimits(limits),
                            bytes,
                            own,
                            outbound));
        }
        return Map.copyOf(loops);
    }

    private void onCatalog() {
        loops.values().forEach(loop -> loop.live().onCatalog(world));
    }

    /** What is still missing before this proxy can serve; empty when it is ready. */
    public List<String> awaited() {
        if (draining) {
            return List.of("an end: it is draining");
        }
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

    /**
     * Is not ready any more but goes on, where somebody may call it; then takes nothing new, tells its callers goodbye, waits
     * for what is open until the deadline, and cuts the rest off slice by slice. An interrupt ends the waiting.
     *
     * @return what was left at the deadline
     */
    public Residue drain() {
        draining = true;
        DrainConfig how = world.config().inbound().isPresent()
                ? world.config().drain()
                : world.config().drain().withoutAccept();
        world.telemetry().drains(world.config().workload(), how, connections());
        Residue left = Residue.NOTHING;
        try {
            if (readiness.isPresent()) {
                readiness.get().drain();
            }
            Drain drain = Drain.start(loops.values(), how);
            left = drain.awaitLeft();
            world.telemetry().drained(left);
            drain.awaitOver();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        return left;
    }

    /** Cuts off what is still open. More than once is the same as once. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        draining = true;
        readiness.ifPresent(ReadinessLoop::close);
        subscription.close();
        outbound.close();
        inbound.ifPresent(listener -> listener.close().syncUninterruptibly());
        // A loop that is shut down closes sockets first and asks later: to applications that would be an end, not an
        // abort.
        loops.values().stream()
                .map(here -> here.loop().submit(here::end))
                .toList()
                .forEach(cut -> cut.awaitUninterruptibly(CUT_TIMEOUT.toMillis()));
        world.peers().connections().close().awaitUninterruptibly(CUT_TIMEOUT.toMillis());
        identity.close();
        world.names().close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
