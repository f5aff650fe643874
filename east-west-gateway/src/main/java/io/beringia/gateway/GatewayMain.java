package io.beringia.gateway;

import io.beringia.discovery.catalog.CatalogSource;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.drain.Drain;
import io.beringia.gateway.drain.DrainConfig;
import io.beringia.gateway.drain.Residue;
import io.beringia.gateway.inbound.LiveTunnels;
import io.beringia.gateway.inbound.TunnelListener;
import io.beringia.gateway.inbound.TunnelLoop;
import io.beringia.gateway.limits.ByteBudget;
import io.beringia.gateway.limits.DirectMemory;
import io.beringia.gateway.limits.LoopLimits;
import io.beringia.gateway.observe.LoopOutcomes;
import io.beringia.gateway.observe.OutcomeLog;
import io.beringia.gateway.observe.Outcomes;
import io.beringia.gateway.observe.Own;
import io.beringia.gateway.observe.PathTable;
import io.beringia.gateway.observe.ProbeLines;
import io.beringia.gateway.observe.TunnelCounts;
import io.beringia.gateway.outbound.Budgets;
import io.beringia.gateway.outbound.Dialer;
import io.beringia.gateway.outbound.PeerTunnels;
import io.beringia.gateway.outbound.Sockets;
import io.beringia.gateway.overload.LoopLag;
import io.beringia.gateway.overload.OverloadWatch;
import io.beringia.gateway.overload.ProcessGauges;
import io.beringia.gateway.relay.Relay;
import io.beringia.gateway.relay.Reset;
import io.beringia.gateway.relay.Transport;
import io.beringia.gateway.routing.ListenerRole;
import io.beringia.gateway.routing.Self;
import io.beringia.gateway.time.AwakeClock;
import io.beringia.gateway.time.LoopClocks;
import io.beringia.gateway.time.Watchdog;
import io.beringia.gateway.tls.HandshakeVerdict;
import io.beringia.gateway.tls.Resumption;
import io.beringia.trust.client.GrpcTls;
import io.beringia.trust.client.HttpTls;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.ledger.LedgerEvents;
import io.beringia.trust.ledger.RoleLedger;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The gateway role of one process. Any thread; start, drain and close from one. */
public final class GatewayMain implements AutoCloseable {
    /** How long the event loops may take to end after everything was closed. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    /** How often certificates that have ended, and peers that have gone, are looked for. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    private static final Duration TELL_TIMEOUT = Duration.ofMillis(200);

    private final GatewayConfig config;
    private final Self self;
    private final Credentials credentials;
    private final CatalogSource catalogs;
    private final PeerVerifier verifier;
    private final InstantSource clock;
    private final GatewayTelemetry telemetry;
    private final PublishedIdentity published;
    private final Eyes eyes;
    private final EventLoopGroup group;
    private final EventLoop keeper;
    private final Map<EventLoop, TunnelLoop> loops = new HashMap<>();
    private final Map<EventLoop, PeerTunnels> peers = new HashMap<>();
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final ChannelGroup dialled = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final ByteBudget bytes;
    private final Budgets budgets = new Budgets();
    private final LoopLimits.Shared limits;
    private final TunnelCounts tunnelCounts = new TunnelCounts();
    private final Outcomes outcomes = new Outcomes();
    private final List<TunnelListener> listeners = new ArrayList<>();
    private final OverloadWatch overload;
    private final List<AutoCloseable> subscriptions = new ArrayList<>();
    private volatile PathTable paths = PathTable.EMPTY;
    private final GatewayIdentity identity;
    private final LedgerEvents ledgerEvents;
    private volatile boolean draining;
    private GatewayLedger ledger = GatewayLedger.NONE;
    private boolean closed;

    private GatewayMain(
            GatewayConfig config,
            Credentials credentials,
            PeerVerifier verifier,
            CatalogSource catalogs,
            LedgerEvents ledgerEvents,
            MeterRegistry meters,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.ledgerEvents = ledgerEvents;
        this.config = config;
        this.self = config.self(OwnAddresses.now());
        this.credentials = credentials;
        this.catalogs = catalogs;
        this.verifier = verifier;
        this.clock = clock;
        this.telemetry = new GatewayTelemetry(meters);
        this.identity = new GatewayIdentity(
                credentials,
                new HandshakeVerdict(verifier, credentials::bundles, clock, nanoTime),
                List.of(connections, dialled),
                telemetry);
        this.published = new PublishedIdentity(self, telemetry);
        this.eyes = new Eyes(self, telemetry);
        this.bytes = new ByteBudget(config.limits().tunnelBytes(), telemetry::tunnelShed);
        this.limits =
                new LoopLimits.Shared(config.limits(), System::nanoTime, new SecureRandom(), telemetry::peerLimited);
        this.group = Transport.best().loops(config.loops(), config.region() + "/");
        this.keeper = group.next();
        this.overload = new OverloadWatch(
                new ProcessGauges(new LoopLag(group, System::nanoTime)),
                new OverloadActs(loops.values(), listeners, telemetry));
    }

    /**
     * Starts one that looks at its paths itself. Throws {@link IllegalStateException} without BoringSSL, with TLS
     * resumption on, or where an address is taken, and {@link java.io.UncheckedIOException} where the ledger cannot be
     * written.
     *
     * @param ledgerEvents of the ledger that the configuration names
     */
    public static GatewayMain start(
            GatewayConfig config,
            Credentials credentials,
            PeerVerifier verifier,
            CatalogSource catalogs,
            LedgerEvents ledgerEvents,
            MeterRegistry meters,
            InstantSource clock) {
        return start(
                new GatewayMain(config, credentials, verifier, catalogs, ledgerEvents, meters, clock, System::nanoTime),
                true);
    }

    /** The same; nobody watches over its ledger. */
    public static GatewayMain start(
            GatewayConfig config,
            Credentials credentials,
            PeerVerifier verifier,
            CatalogSource catalogs,
            MeterRegistry meters,
            InstantSource clock) {
        return start(config, credentials, verifier, catalogs, LedgerEvents.NONE, meters, clock);
    }

    /**
     * The same, with paths that only {@link #onPaths} changes.
     *
     * @param nanoTime by it certificates of open connections grow old
     */
    public static GatewayMain startBlind(
            GatewayConfig config,
            Credentials credentials,
            PeerVerifier verifier,
            CatalogSource catalogs,
            MeterRegistry meters,
            InstantSource clock,
            LongSupplier nanoTime) {
        return start(
                new GatewayMain(config, credentials, verifier, catalogs, LedgerEvents.NONE, meters, clock, nanoTime),
                false);
    }

    private static GatewayMain start(GatewayMain gateway, boolean observing) {
        Resumption.requireOff();
        try {
            gateway.begin(observing);
        } catch (RuntimeException refused) {
            gateway.close();
            throw refused;
        }
        return gateway;
    }

    private void begin(boolean observing) {
        config.limits().requireWithin(DirectMemory.maxBytes());
        config.ledger().ifPresent(this::open);
        Transport transport = Transport.best();
        LoopClocks clocks = LoopClocks.of(group, System::nanoTime);
        Sockets sockets = new Sockets(transport, config.source(), Sockets.OF_GATEWAY);
        for (EventExecutor executor : group) {
            EventLoop loop = (EventLoop) executor;
            AwakeClock clock = clocks.of(loop);
            SecureRandom random = new SecureRandom();
            PeerTunnels tunnels = new PeerTunnels(
                    loop,
                    sockets,
                    identity::contexts,
                    dialled,
                    () -> config.maxAge().drawn(random),
                    clock,
                    bytes,
                    (gateway, said) -> telemetry.goAwayHeard("gateway", gateway, said));
            peers.put(loop, tunnels);
            TunnelLoop here = tunnelLoop(loop, clock, sockets, tunnels, random);
            loops.put(loop, here);
            long lookMillis =
                    config.limits().stall().dividedBy(Relay.STALLED_LOOKS).toMillis();
            loop.scheduleWithFixedDelay(here.live()::look, lookMillis, lookMillis, TimeUnit.MILLISECONDS);
            long handOverMillis = LoopOutcomes.HAND_OVER_EVERY.toMillis();
            loop.scheduleWithFixedDelay(
                    here.outcomes()::handOver, handOverMillis, handOverMillis, TimeUnit.MILLISECONDS);
        }
        if (observing) {
            GrpcTls tls = new GrpcTls(credentials, verifier, clock);
            OutcomeLog log = new OutcomeLog(outcomes, System::nanoTime);
            Own own = new Own(tunnelCounts::report, () -> Own.left(credentials, clock), log::report);
            eyes.open(config.evidence(), tls, catalogs, lines(sockets, clocks), own, this::onPaths);
        }
        subscriptions.add(credentials.subscribe(() -> identity.renewOn(keeper, this::compareIdentity)));
        subscriptions.add(catalogs.subscribe(this::onCatalog));
        keepUp(identity::endExpired);
        keepUp(limits::forget);
        listeners.add(listen(ListenerRole.HBONE, config.hbone(), transport));
        config.relay().ifPresent(address -> listeners.add(listen(ListenerRole.RELAY, address, transport)));
        subscriptions.add(overload.start(config.region() + "/"));
        telemetry.directMemory(DirectMemory::usedBytes);
        telemetry.connectionsOpen(connections::size);
        telemetry.bytesHeld(bytes::heldBytes);
        telemetry.tunnelsOpen(limits.peers()::tunnels);
        telemetry.peersKnown(limits.peers()::known);
        keeper.execute(this::compareIdentity);
        telemetry.started(config, transport);
    }

    private void open(RoleLedger log) {
        HttpTls tls = new HttpTls(credentials, verifier, clock);
        ledger = GatewayLedger.start(
                log,
                config.cluster().name(),
                tls,
                ledgerEvents,
                () -> telemetry.traffic(limits.peers().tunnels()));
    }

    private void keepUp(Runnable look) {
        long everyMillis = LOOK_EVERY.toMillis();
        keeper.scheduleWithFixedDelay(look, everyMillis, everyMillis, TimeUnit.MILLISECONDS);
    }

    private ProbeLines lines(Sockets sockets, LoopClocks clocks) {
        return new ProbeLines(
                self,
                identity::id,
                group,
                sockets,
                identity::contexts,
                dialled,
                telemetry,
                clocks,
                clock,
                new SecureRandom());
    }

    private TunnelLoop tunnelLoop(
            EventLoop loop, AwakeClock clock, Sockets sockets, PeerTunnels tunnels, SecureRandom random) {
        Dialer.Way way = Dialer.byNetwork(loop, sockets, tunnels, clock);
        LoopOutcomes counted = new LoopOutcomes(outcomes);
        Dialer dialer = new Dialer(loop, way, () -> paths, budgets, clock, System::nanoTime, eyes.ofLoop(counted));
        return new TunnelLoop(
                loop,
                self,
                catalogs::latest,
                () -> paths,
                dialer,
                new LiveTunnels(),
                tunnelCounts,
                counted,
                new LoopLimits(limits),
                bytes,
                random,
                clock,
                System::nanoTime,
                config.maxAge(),
                overload::level,
                ledger.journal(),
                telemetry);
    }

    private TunnelListener listen(ListenerRole role, SocketAddress address, Transport transport) {
        return TunnelListener.bind(role, address, transport, group, identity::contexts, loops::get, connections);
    }

    /**
     * Begins to watch the event loops.
     *
     * @param onHang called, once and after it was logged, when one of them has been blocked; a process that
     *     hangs is worse than one that ends
     */
    public void guard(Runnable onHang) {
        Watchdog dog = Watchdog.start(group, config.region() + "/", System::nanoTime, loop -> {
            tellOfHang(loop);
            onHang.run();
        });
        subscriptions.add(dog);
    }

    /** Whoever writes logs may hang too. */
    private void tellOfHang(String loop) {
        try {
            Thread.ofPlatform().daemon().start(() -> telemetry.hangs(loop)).join(TELL_TIMEOUT);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is still missing before this gateway can serve; empty when it is ready. */
    public List<String> awaited() {
        if (draining) {
            return List.of("an end: it is draining");
        }
        return catalogs.latest().revision() == 0 ? List.of("first catalog") : List.of();
    }

    /** Any thread. The paths by which tunnels are judged now. */
    public PathTable paths() {
        return paths;
    }

    /** Any thread. Judges new and live tunnels by these paths. */
    public void onPaths(PathTable newest) {
        paths = newest;
        onEveryLoop(here -> here.live().onPaths(newest));
    }

    private void onCatalog() {
        onEveryLoop(here -> here.live().onCatalog(catalogs.latest()));
        keeper.execute(this::compareIdentity);
    }

    private void compareIdentity() {
        published.look(identity.id(), catalogs.latest());
    }

    private void onEveryLoop(Consumer<TunnelLoop> act) {
        loops.forEach((loop, here) -> loop.execute(() -> act.accept(here)));
    }

    /**
     * Is not ready any more but goes on; then says goodbye on every connection and refuses new tunnels on new ones, waits
     * for the old tunnels until the deadline, and resets the rest slice by slice. An interrupt ends the waiting.
     *
     * @return what was left at the deadline
     */
    public Residue drain(DrainConfig how) {
        draining = true;
        telemetry.drains(how, open());
        Residue left = Residue.NOTHING;
        try {
            Drain drain = Drain.start(loops.values(), how);
            left = drain.awaitLeft();
            telemetry.drained(left);
            drain.awaitOver();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        return left;
    }

    /** Tunnels that wait for an answer or carry bytes. */
    public int open() {
        return loops.entrySet().stream()
                .mapToInt(entry -> entry.getKey()
                        .submit(() -> entry.getValue().live().size())
                        .syncUninterruptibly()
                        .getNow())
                .sum();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        draining = true;
        eyes.close();
        subscriptions.forEach(GatewayMain::closeQuietly);
        listeners.forEach(TunnelListener::close);
        onEveryLoop(here -> here.live().resetAll(Reset.CANCEL));
        peers.forEach((loop, tunnels) -> loop.execute(tunnels::close));
        connections.close().awaitUninterruptibly(CLOSE_TIMEOUT.toMillis());
        group.shutdownGracefully(0, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(2 * CLOSE_TIMEOUT.toMillis());
        ledger.close(); // last: what was cut off is written down, too
    }

    private static void closeQuietly(AutoCloseable subscription) {
        try {
            subscription.close();
        } catch (Exception ignored) {
            throw new IllegalStateException("subscription: cannot be closed (expected: always)", ignored);
        }
    }
}
