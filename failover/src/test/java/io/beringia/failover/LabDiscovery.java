package io.beringia.failover;

import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.Outcome;
import io.beringia.discovery.catalog.OutcomeCounts;
import io.beringia.discovery.catalog.OutcomeReport;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.PathTrouble;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionEvidence.GatewayTrouble;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.RegionEvidence.PathReport;
import io.beringia.discovery.catalog.RegionEvidence.Proxies;
import io.beringia.discovery.catalog.RegionEvidence.Readiness;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Writers;
import io.beringia.discovery.wire.EvidenceServer;
import io.beringia.trust.client.GrpcTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.client.VerifiedPeer;
import io.beringia.trust.identity.Credentials;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The evidence of one site over the real wire, from an observer on paper: which regions it hears, and since when it does
 * not. Any thread.
 */
final class LabDiscovery implements AutoCloseable {
    static final ServiceName CART = new ServiceName("shop", "cart.shop.svc.cluster.local");

    private static final Duration SUSPECT_AFTER = Duration.ofMillis(600);
    private static final Duration DOWN_AFTER = Duration.ofMillis(1_500);

    private final RegionId site;
    private final Supplier<PlanVersion> accepted;
    private final Credentials credentials;
    private final Map<RegionId, Optional<Long>> silentSinceNanos = new ConcurrentHashMap<>();
    private volatile Optional<Failing> failing = Optional.empty();
    private volatile Writers writers = Writers.MANY;
    private int port;
    private Optional<Server> server = Optional.empty();

    LabDiscovery(RegionId site, List<RegionId> targets, Supplier<PlanVersion> accepted, Credentials credentials) {
        this.site = site;
        this.accepted = accepted;
        this.credentials = credentials;
        targets.stream().filter(one -> !one.equals(site)).forEach(one -> silentSinceNanos.put(one, Optional.empty()));
    }

    /** Three of ten fail there, of a hundred a second. */
    private record Failing(RegionId where, long sinceNanos) {
        private OutcomeReport report() {
            long each = Duration.ofNanos(System.nanoTime() - sinceNanos).toMillis() / 10;
            long failed = each * 3 / 10;
            OutcomeCounts counts = new OutcomeCounts(
                    Map.of(Outcome.ANSWERED, each - failed, Outcome.UNAVAILABLE, failed),
                    0,
                    0,
                    0,
                    0,
                    OutcomeCounts.NONE.firstBytes());
            return new OutcomeReport(CART.hostname(), where, where + "/gateway-0", 2, counts);
        }
    }

    /** Listens, where it listened before. */
    void start() throws IOException {
        EvidenceServer evidence = new EvidenceServer(
                (caller, report) -> {},
                this::evidence,
                new EvidenceServer.Admission(peer -> false, peer -> true),
                (caller, why) -> {});
        GrpcTls tls = new GrpcTls(credentials, new SpiffeVerifier(), InstantSource.system());
        Server fresh = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port), tls.server())
                .addService(evidence)
                .intercept(new VerifiedPeer(credentials, new SpiffeVerifier(), InstantSource.system()))
                .build()
                .start();
        port = fresh.getPort();
        server = Optional.of(fresh);
    }

    SocketAddress address() {
        return SocketAddress.parse("127.0.0.1:" + port);
    }

    void hears(RegionId region) {
        silentSinceNanos.replace(region, Optional.empty());
    }

    void misses(RegionId region) {
        silentSinceNanos.replace(region, Optional.of(System.nanoTime()));
    }

    /** From now on its clients meet failures there, of one service. */
    void fails(RegionId where) {
        failing = Optional.of(new Failing(where, System.nanoTime()));
    }

    /** From now on it says that one region alone may serve its service. */
    void hasSingleWriter() {
        writers = Writers.SINGLE;
    }

    @Override
    public void close() {
        server.ifPresent(Server::shutdownNow);
        server = Optional.empty();
    }

    private RegionEvidence evidence() {
        List<PathReport> paths = silentSinceNanos.entrySet().stream()
                .map(one -> path(one.getKey(), one.getValue()))
                .toList();
        return new RegionEvidence(
                site,
                List.of(new ObserverReport(
                        "gateway-0",
                        Duration.ZERO,
                        0,
                        true,
                        paths,
                        List.of(),
                        List.of(),
                        Duration.ofHours(1),
                        failing.map(Failing::report).stream().toList())),
                List.of(),
                List.of(new Readiness(CART, 10, 10, new Freshness.Live(), "", writers)),
                new Proxies(accepted.get(), 3, 3));
    }

    private static PathReport path(RegionId region, Optional<Long> since) {
        Duration silence =
                since.map(at -> Duration.ofNanos(System.nanoTime() - at)).orElse(Duration.ofMillis(50));
        PathState state = state(silence);
        List<GatewayTrouble> troubles = state == PathState.DOWN
                ? List.of(new GatewayTrouble(region + "-1/gateway-0", PathTrouble.STUCK))
                : List.of();
        return new PathReport(region, state, silence, Duration.ofMillis(1), false, troubles);
    }

    private static PathState state(Duration silence) {
        if (silence.compareTo(DOWN_AFTER) > 0) {
            return PathState.DOWN;
        }
        return silence.compareTo(SUSPECT_AFTER) > 0 ? PathState.SUSPECT : PathState.UP;
    }
}
