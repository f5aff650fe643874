package io.beringia.scenarios.world;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionEvidence.Heartbeat;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.RegionEvidence.Proxies;
import io.beringia.discovery.catalog.RegionEvidence.Readiness;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.discovery.catalog.Writers;
import io.beringia.discovery.evidence.EvidenceBoard;
import io.beringia.discovery.evidence.OwnReadiness;
import io.beringia.discovery.merge.Audience;
import io.beringia.discovery.merge.FederatedService;
import io.beringia.discovery.merge.FederationView;
import io.beringia.discovery.merge.LocalOverrides;
import io.beringia.discovery.merge.MergeRules;
import io.beringia.discovery.merge.OwnObjects;
import io.beringia.discovery.merge.Projection;
import io.beringia.discovery.plan.PlanRules;
import io.beringia.discovery.reflex.ReflexLoop;
import io.beringia.discovery.wire.PlanCodec;
import io.beringia.trust.identity.SpiffeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The discovery of one site: the real board of evidence, reflex, plan rules and projection. A site without traffic has
 * no catalog for anybody.
 */
final class Discovery {
    static final String MESH = "world";

    private static final SpiffeId REPORTER = SpiffeId.parse("spiffe://cluster.local/ns/beringia-system/sa/gateway");

    private final WorldClock clock;
    private final Places own;
    private final boolean isWitness;
    private final Timeline timeline;
    private final Map<RegionId, Places> places = new TreeMap<>();
    private final Map<RegionId, Places.Pods> known = new TreeMap<>();
    private final Map<RegionId, Long> heard = new TreeMap<>();
    private EvidenceBoard board;
    private ReflexLoop reflex;
    private Condition process = Condition.RUNS;
    private PlanRules.Held held = PlanRules.Held.NOTHING;
    private LocalOverrides overrides = LocalOverrides.NONE;
    private Freshness freshness = new Freshness.Live();
    private Writers writers = Writers.MANY;
    private Proxies proxies = Proxies.NONE;
    private Optional<FederationView> view = Optional.empty();
    private long revision;
    private long lookedMillis;
    private Optional<Catalog> forGateways = Optional.empty();
    private Optional<Catalog> forProxies = Optional.empty();
    private List<Readiness> readiness = List.of();

    Discovery(WorldClock clock, Places own, boolean isWitness, List<Places> all, Timeline timeline) {
        this.clock = clock;
        this.own = own;
        this.isWitness = isWitness;
        this.timeline = timeline;
        all.forEach(one -> places.put(one.region(), one));
        this.board = board();
        this.reflex = reflex();
    }

    private EvidenceBoard board() {
        return new EvidenceBoard(
                own.region(),
                new EvidenceBoard.Sources(this::heartbeats, this::readiness, this::proxies),
                clock::nanos);
    }

    private ReflexLoop reflex() {
        return new ReflexLoop(
                board::latest,
                Collections::emptySortedMap,
                changed -> {
                    overrides = changed;
                    view = Optional.empty();
                },
                (target, before, now) -> timeline.tell("way " + own.region() + " > " + target + " " + now),
                clock::nanos);
    }

    RegionId site() {
        return own.region();
    }

    boolean isRunning() {
        return process.isRunning(clock.millis());
    }

    /** A process that begins anew keeps its plan, and knows of no observer and no path. */
    void become(Condition other) {
        if (process != Condition.RUNS && other == Condition.RUNS && process != Condition.FROZEN) {
            board = board();
            reflex = reflex();
            overrides = LocalOverrides.NONE;
            heard.clear();
            lookedMillis = clock.millis();
            view = Optional.empty();
        }
        process = other;
    }

    void fresh(Freshness now) {
        freshness = now;
        view = Optional.empty();
    }

    /** How many regions may serve the service, as every cluster says. */
    void write(Writers now) {
        writers = now;
        view = Optional.empty();
    }

    void onReport(ObserverReport report) {
        board.onReport(REPORTER, report);
    }

    /** What a peer exports, and that it lives. */
    void hear(RegionId site, Optional<Places.Pods> pods) {
        heard.put(site, clock.millis());
        pods.ifPresent(now -> know(site, now));
    }

    void know(RegionId site, Places.Pods pods) {
        if (!pods.equals(known.put(site, pods))) {
            view = Optional.empty();
        }
    }

    void acknowledge(Proxies now) {
        proxies = now;
    }

    RegionEvidence evidence() {
        return board.latest();
    }

    PlanVersion accepted() {
        return held.greatest().map(one -> one.version()).orElse(PlanVersion.NONE);
    }

    Optional<TrafficPlan> plan() {
        return held.plan();
    }

    /** One look of the reflex. */
    void look() throws InterruptedException {
        reflex.look(Duration.ofMillis(clock.millis() - lookedMillis));
        lookedMillis = clock.millis();
    }

    /** Only a greater one is obeyed. */
    void offer(PlanCodec.Opened offered) {
        switch (PlanRules.judge(held, offered, MESH)) {
            case PlanRules.Judgement.Accept _ -> {
                held = PlanRules.Held.accepted(offered);
                view = Optional.empty();
            }
            case PlanRules.Judgement.Known _ -> {}
            case PlanRules.Judgement.Refuse refused -> {
                timeline.tell("site " + site() + " refuses " + refused.why());
            }
            case PlanRules.Judgement.Freeze frozen -> timeline.tell("site " + site() + " freezes " + frozen.why());
        }
    }

    /** Of what clients and gateways are told; 0 before they were told anything. */
    long revision() {
        return revision;
    }

    Catalog forGateways() {
        refresh();
        return forGateways.orElse(Catalog.EMPTY);
    }

    Catalog forProxies() {
        refresh();
        return forProxies.orElse(Catalog.EMPTY);
    }

    /** A discovery that does not run tells nobody anything new. */
    private void refresh() {
        if (view.isPresent() || !isRunning() || isWitness) {
            return;
        }
        revision++;
        FederationView now = view();
        view = Optional.of(now);
        readiness = OwnReadiness.of(now).stream().map(one -> one.as(freshness)).toList();
        forGateways = Optional.of(
                Projection.of(now, new Audience(Audience.Kind.GATEWAY, Audience.Mode.DIRECT), Optional.empty()));
        forProxies = Optional.of(Projection.of(
                now, new Audience(Audience.Kind.ZTUNNEL, Audience.Mode.RELAY), Optional.of(Places.RELAYS)));
    }

    private FederationView view() {
        Map<ClusterId, ClusterState> clusters = new HashMap<>();
        List<FederatedService.Part> parts = new ArrayList<>();
        known.forEach((region, pods) -> {
            Places there = Objects.requireNonNull(places.get(region), region.name());
            clusters.put(there.cluster(), there.state(region.equals(site()) ? freshness : new Freshness.Live()));
            parts.add(there.part(pods, writers));
        });
        return new FederationView(
                revision,
                own.cluster(),
                Optional.ofNullable(known.get(site())).map(own::objects).orElse(OwnObjects.NONE),
                clusters,
                MergeRules.merge(Places.CART, parts).stream()
                        .collect(Collectors.toMap(FederatedService::name, one -> one)),
                held.plan(),
                overrides);
    }

    /** A site without clients obeys plans all the same. */
    private Proxies proxies() {
        return isWitness ? new Proxies(accepted(), 0, 0) : proxies;
    }

    private List<Heartbeat> heartbeats() {
        return heard.entrySet().stream()
                .map(one -> new Heartbeat(one.getKey(), Duration.ofMillis(clock.millis() - one.getValue())))
                .toList();
    }

    private List<Readiness> readiness() {
        refresh();
        return readiness;
    }
}
