package io.beringia.gateway.outbound;

import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.PathRules;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.http2.GoAway;
import io.beringia.gateway.limits.ByteBudget;
import io.beringia.gateway.limits.PeerAllowance;
import io.beringia.gateway.tls.TlsContexts;
import io.beringia.trust.identity.SpiffeId;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The pooled outer connections of one event loop to other gateways. A pooled one is bound to its address and to the
 * identities that were expected there, so that an address used again by somebody else never inherits it. Lives on
 * that loop.
 */
public final class PeerTunnels {
    /**
     * Connections to one gateway from one loop that take new streams: with 100 on each, as many as a gateway lets another
     * one have. Those that take none are bounded by what they carry, and must not keep new ones out.
     */
    static final int CONNECTIONS_MAX = PeerAllowance.OF_GATEWAY.tunnels() / PeerTunnel.STREAMS_MAX;
    /**
     * Silent connections to one gateway that are passed by. If so many are silent, the gateway is, or the whole way there:
     * more connections would show nothing, and the path is judged elsewhere.
     */
    static final int SILENT_MAX = 4;
    /** As long as ztunnel keeps an unused one. */
    private static final Duration IDLE = Duration.ofMinutes(5);

    private static final Duration SWEEP_EVERY = Duration.ofSeconds(30);

    private final EventLoop loop;
    private final Sockets sockets;
    private final Supplier<TlsContexts> contexts;
    private final LongSupplier awakeNanos;
    private final ByteBudget budget;
    private final GoAways goAways;
    private final ChannelGroup connections;
    private final Supplier<Duration> age;
    private final Map<Key, List<PeerTunnel>> pool = new HashMap<>();

    /** What makes two dials fit the same connection. */
    private record Key(Set<SpiffeId> expected, SocketAddress address) {}

    /**
     * @param connections gets every connection that is made, for whoever judges their peers again
     * @param age of the next connection, after which it gets nothing new
     * @param awakeNanos the loop's own awake clock
     * @param goAways told on the loop of what gateways say when they take no more
     */
    public PeerTunnels(
            EventLoop loop,
            Sockets sockets,
            Supplier<TlsContexts> contexts,
            ChannelGroup connections,
            Supplier<Duration> age,
            LongSupplier awakeNanos,
            ByteBudget budget,
            GoAways goAways) {
        this.loop = loop;
        this.sockets = sockets;
        this.contexts = contexts;
        this.connections = connections;
        this.age = age;
        this.awakeNanos = awakeNanos;
        this.budget = budget;
        this.goAways = goAways;
        long lookMillis = PathRules.PROBE_INTERVAL.toMillis();
        loop.scheduleWithFixedDelay(this::look, lookMillis, lookMillis, TimeUnit.MILLISECONDS);
        loop.scheduleWithFixedDelay(this::sweep, SWEEP_EVERY.toMillis(), SWEEP_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Told of the first few GOAWAYs of each connection; must not wait. */
    @FunctionalInterface
    public interface GoAways {
        void onGoAway(SocketAddress from, GoAway said);
    }

    /** Opens a stream with these headers to a gateway, on a pooled connection or a new one. */
    Attempt open(GatewayAddress gateway, Http2Headers headers, Attempt.Outcome outcome) {
        return open(Set.of(gateway.identity()), gateway.address(), headers, outcome);
    }

    /** Opens a stream with these headers to whoever of these answers there, on a pooled connection or a new one. */
    public Attempt open(Set<SpiffeId> expected, SocketAddress address, Http2Headers headers, Attempt.Outcome outcome) {
        assert loop.inEventLoop();
        Key key = new Key(expected, address);
        List<PeerTunnel> tunnels = pool.computeIfAbsent(key, _ -> new ArrayList<>());
        TlsContexts current = contexts.get();
        PeerTunnel tunnel = tunnels.stream()
                .filter(one -> one.takes(current) && !one.isSilent())
                .findFirst()
                .or(() -> ofSilent(tunnels, current))
                .orElseGet(() -> connect(key, tunnels, current));
        PeerDial dial = new PeerDial(tunnel, headers, outcome, awakeNanos.getAsLong());
        tunnel.give(dial);
        return dial;
    }

    /** The newest of too many. */
    private static Optional<PeerTunnel> ofSilent(List<PeerTunnel> tunnels, TlsContexts current) {
        return tunnels.stream().filter(PeerTunnel::isSilent).count() < SILENT_MAX
                ? Optional.empty()
                : tunnels.reversed().stream().filter(one -> one.takes(current)).findFirst();
    }

    private PeerTunnel connect(Key key, List<PeerTunnel> tunnels, TlsContexts current) {
        PeerTunnel tunnel =
                new PeerTunnel(current, age.get(), awakeNanos, budget, said -> goAways.onGoAway(key.address(), said));
        if (tunnels.stream().filter(one -> !one.isRetired(current)).count() >= CONNECTIONS_MAX) {
            tunnel.onFull(CONNECTIONS_MAX);
            return tunnel;
        }
        ChannelFuture connect = sockets.toGateway(
                loop,
                awakeNanos,
                key.address(),
                channel -> current.connect(channel, key.expected(), awakeNanos, tunnel::onHandshake));
        if (connect.cause() instanceof NoDescriptorException) {
            tunnel.onConnect(connect);
            return tunnel;
        }
        tunnels.add(tunnel);
        Channel channel = connect.channel();
        connections.add(channel);
        // A channel that could not connect is closed first: only the connect itself says why.
        channel.closeFuture().addListener(_ -> {
            tunnel.onConnect(connect);
            tunnel.onClosed();
            remove(key, tunnel);
        });
        return tunnel;
    }

    private void remove(Key key, PeerTunnel tunnel) {
        List<PeerTunnel> tunnels = pool.getOrDefault(key, List.of());
        if (tunnels.remove(tunnel) && tunnels.isEmpty()) {
            pool.remove(key);
        }
    }

    private void look() {
        pool.values().forEach(tunnels -> tunnels.forEach(PeerTunnel::look));
    }

    private void sweep() {
        TlsContexts current = contexts.get();
        List<PeerTunnel> all = pool.values().stream().flatMap(List::stream).toList();
        all.forEach(tunnel -> tunnel.closeIfIdle(current, IDLE.toNanos()));
    }

    /** Connections of this loop, open or on the way. */
    public int connections() {
        return pool.values().stream().mapToInt(List::size).sum();
    }

    /** Closes them all; their streams are lost a second later. */
    public void close() {
        assert loop.inEventLoop();
        List.copyOf(pool.values()).forEach(tunnels -> List.copyOf(tunnels).forEach(PeerTunnel::close));
    }
}
