package io.beringia.discovery;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionEvidence.Heartbeat;
import io.beringia.discovery.catalog.RegionEvidence.Proxies;
import io.beringia.discovery.catalog.RegionEvidence.Readiness;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.evidence.EvidenceBoard;
import io.beringia.discovery.evidence.OwnReadiness;
import io.beringia.discovery.guard.SignsOfLife;
import io.beringia.discovery.merge.Federation;
import io.beringia.discovery.merge.FederationView;
import io.beringia.discovery.merge.StalePolicy;
import io.beringia.discovery.peering.PeerStatus;
import io.beringia.discovery.plan.PlanConfig;
import io.beringia.discovery.plan.PlanWatch;
import io.beringia.discovery.reflex.ReflexLoop;
import io.beringia.discovery.snapshot.ClusterSight.DataPath;
import io.beringia.discovery.wire.EvidenceServer;
import io.beringia.trust.client.GrpcTls;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.SpiffeId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What steers our own clients beside the catalog: evidence of our observers, the plan of the leader, and the reflex that
 * needs no leader. Put together for the role. Any thread; started and closed from one.
 */
final class Steering implements AutoCloseable {
    /** A sign of life of a region whose control plane is silent. */
    private static final Duration REACHED_WITHIN = Duration.ofSeconds(15);

    private final DiscoveryConfig config;
    private final Surroundings around;
    private final SteeringTelemetry telemetry;
    private final EvidenceBoard board;
    private final EvidenceServer server;
    private final ReflexLoop reflex;
    private final SignsOfLife signs;
    private final Thread thread;
    private volatile Optional<PlanWatch> plan = Optional.empty();
    private volatile Counted counted = new Counted(-1, List.of());

    Steering(DiscoveryConfig config, Surroundings around, SteeringTelemetry telemetry) {
        this.config = config;
        this.around = around;
        this.telemetry = telemetry;
        this.board = new EvidenceBoard(
                config.region(),
                new EvidenceBoard.Sources(this::heartbeats, this::readiness, this::proxies),
                around.nanoTime());
        this.server = new EvidenceServer(
                board::onReport,
                board::latest,
                new EvidenceServer.Admission(this::isOurGateway, this::mayLead),
                telemetry);
        this.signs = new SignsOfLife(config.exporters(), around.clock().instant());
        this.reflex = new ReflexLoop(
                board::latest,
                this::silent,
                overrides -> around.federation().post(new Federation.Update.PathsChanged(overrides)),
                telemetry,
                around.nanoTime());
        this.thread = Thread.ofVirtual().name(config.region() + "/reflex").unstarted(reflex);
        board.subscribe(server::changed);
    }

    /**
     * What of the role it looks at.
     *
     * @param freshness of our own API
     * @param heard how long ago the control plane of each other site was heard
     * @param peers how the link to each peer stands
     * @param stalePolicies what is told of a silent one where configuration does not decide
     * @param proxies how far our clients have followed a plan
     * @param clock by which links tell when they were heard
     * @param nanoTime tells the age of what was reported
     */
    record Surroundings(
            Federation federation,
            GrpcTls tls,
            Supplier<Freshness> freshness,
            Supplier<Map<RegionId, Duration>> heard,
            Supplier<List<PeerStatus>> peers,
            Supplier<Map<ClusterId, StalePolicy>> stalePolicies,
            Function<PlanVersion, Proxies> proxies,
            InstantSource clock,
            LongSupplier nanoTime) {}

    private record Counted(long revision, List<Readiness> readiness) {}

    void start() {
        plan = config.planFrom().map(this::watch);
        telemetry.watch(this);
        thread.start();
    }

    /** For the port of callers with an SVID. */
    EvidenceServer service() {
        return server;
    }

    /** Empty where no plan is configured. */
    Optional<PlanWatch.View> plan() {
        return plan.map(PlanWatch::view);
    }

    Map<String, String> paths() {
        return reflex.paths();
    }

    int observers() {
        return board.latest().observers().size();
    }

    /** Regions to which some observer of ours had a success within the last fifteen seconds. */
    Set<RegionId> reached() {
        return board.latest().observers().stream()
                .flatMap(observer -> observer.paths().stream()
                        .filter(path -> path.state() == PathState.UP
                                && observer.age().plus(path.silence()).compareTo(REACHED_WITHIN) <= 0))
                .map(RegionEvidence.PathReport::target)
                .collect(Collectors.toSet());
    }

    /** Clusters of which there is a sign of life, by their control plane or by the way to them. */
    Set<ClusterId> alive() {
        Set<RegionId> reached = reached();
        return around.peers().get().stream()
                .filter(peer -> peer.link() == PeerStatus.Link.LIVE || reached.contains(peer.region()))
                .map(PeerStatus::cluster)
                .collect(Collectors.toSet());
    }

    /** On the reflex's thread. Absence of data moves nothing, unless an operator has said so. */
    private SortedMap<ClusterId, StalePolicy> silent() {
        signs.seen(alive(), around.clock().instant());
        SortedMap<ClusterId, StalePolicy> silent = new TreeMap<>();
        Set<ClusterId> expired = signs.expired();
        if (!expired.isEmpty()) {
            Map<ClusterId, StalePolicy> own = around.stalePolicies().get();
            expired.forEach(cluster ->
                    silent.put(cluster, own.getOrDefault(cluster, config.stale().policy())));
        }
        telemetry.silent(silent);
        telemetry.overdue(overdue());
        return silent;
    }

    /** Clusters of which what we hold is older than somebody should know. */
    private SortedSet<ClusterId> overdue() {
        return around.peers().get().stream()
                .filter(peer -> age(peer).compareTo(config.stale().budget()) > 0)
                .map(PeerStatus::cluster)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Duration age(PeerStatus peer) {
        Duration silence = peer.heardAt()
                .map(at -> Duration.between(at, around.clock().instant()))
                .orElse(Duration.ZERO);
        return peer.api() instanceof Freshness.Stale(Duration api) && api.compareTo(silence) > 0 ? api : silence;
    }

    /** Whether our observers get through to that region; what none of them knows is unknown. */
    DataPath path(RegionId region) {
        if (reached().contains(region)) {
            return DataPath.UP;
        }
        List<PathState> seen = board.latest().observers().stream()
                .flatMap(observer -> observer.paths().stream())
                .filter(path -> path.target().equals(region))
                .map(RegionEvidence.PathReport::state)
                .toList();
        return seen.contains(PathState.DOWN) ? DataPath.DOWN : DataPath.UNKNOWN;
    }

    FederationView view() {
        return around.federation().latest();
    }

    private PlanWatch watch(PlanConfig planFrom) {
        GrpcTls tls = around.tls();
        return PlanWatch.start(
                planFrom,
                new PlanWatch.Trust(tls.verifier(), tls.credentials(), tls.clock()),
                accepted -> around.federation().post(new Federation.Update.PlanChanged(accepted)),
                telemetry);
    }

    private boolean isOurGateway(PeerVerdict.Verified peer) {
        return config.gateways().identities().contains(peer.id())
                && peer.cluster().filter(config.cluster().name()::equals).isPresent();
    }

    private boolean mayLead(PeerVerdict.Verified peer) {
        return config.planFrom()
                .map(PlanConfig::leaders)
                .orElse(Set.<SpiffeId>of())
                .contains(peer.id());
    }

    private List<Heartbeat> heartbeats() {
        return around.heard().get().entrySet().stream()
                .map(heard -> new Heartbeat(heard.getKey(), heard.getValue()))
                .toList();
    }

    private Proxies proxies() {
        return around.proxies().apply(plan().map(PlanWatch.View::accepted).orElse(PlanVersion.NONE));
    }

    /** Endpoints are counted once per revision; how fresh that is, is asked each time. */
    private List<Readiness> readiness() {
        FederationView view = view();
        Counted held = counted;
        if (held.revision() != view.revision()) {
            held = new Counted(view.revision(), OwnReadiness.of(view));
            counted = held;
        }
        Freshness freshness = around.freshness().get();
        return held.readiness().stream().map(it -> it.as(freshness)).toList();
    }

    @Override
    public void close() {
        thread.interrupt();
        plan.ifPresent(PlanWatch::close);
    }
}
