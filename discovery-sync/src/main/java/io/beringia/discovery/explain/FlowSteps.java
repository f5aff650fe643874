package io.beringia.discovery.explain;

import io.beringia.discovery.catalog.AuthorizationRules;
import io.beringia.discovery.catalog.Candidate;
import io.beringia.discovery.catalog.Candidate.Standing;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Locality;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.Shares;
import io.beringia.discovery.catalog.Way;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.explain.FlowExplanation.Reason;
import io.beringia.discovery.explain.FlowExplanation.Step;
import io.beringia.discovery.explain.FlowExplanation.Verdict;
import io.beringia.discovery.merge.FederatedService;
import io.beringia.discovery.merge.FederationView;
import io.beringia.discovery.snapshot.ClusterSight;
import io.beringia.discovery.snapshot.Snapshot;
import io.beringia.trust.identity.SpiffeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The reasons of one flow, step by step. Pure. */
final class FlowSteps {
    private static final int NAMES_MAX = 4;

    private final Flow flow;
    private final List<Candidate> candidates;
    private final List<Candidate> choices;

    FlowSteps(Flow flow) {
        this.flow = flow;
        this.candidates = flow.candidates();
        this.choices = flow.choices();
    }

    Reason reason(Step step) {
        return switch (step) {
            case EXPORT -> passes(step, export());
            case SCOPE -> scope();
            case RANK -> rank();
            case WEIGHT -> weight();
            case HEALTH -> health();
            case GATEWAY -> gateway();
            case CERTIFICATE -> certificate();
            case AUTHORIZATION -> authorization();
            case PLAN -> new Reason(step, Verdict.PASSES, plan(flow.view()));
        };
    }

    private static Reason passes(Step step, String value) {
        return new Reason(step, Verdict.PASSES, value);
    }

    private static Reason refuses(Step step, String value) {
        return new Reason(step, Verdict.REFUSES, value);
    }

    private static Reason open(Step step, String value) {
        return new Reason(step, Verdict.OPEN, value);
    }

    private Optional<FederatedService> federated() {
        return Optional.ofNullable(flow.view().services().get(flow.service().name()));
    }

    private String export() {
        List<String> said = new ArrayList<>();
        federated()
                .ifPresent(service -> service.parts().stream()
                        .filter(part -> !part.cluster().equals(flow.view().own()))
                        .forEach(part -> said.add(part.cluster() + " exports it to us since "
                                + part.export().createdAt())));
        Optional.ofNullable(flow.picture().offers().get(flow.service().name()))
                .ifPresent(offer -> said.add(flow.view().own() + " offers it: " + offer.verdict() + consumers(offer)));
        return said.isEmpty() ? "of " + flow.view().own() + " only, nobody exports it" : String.join("; ", said);
    }

    private static String consumers(Snapshot.Offering offer) {
        return offer.consumers().isEmpty()
                ? ""
                : ", to "
                        + offer.consumers().stream()
                                .map(Object::toString)
                                .sorted()
                                .collect(Collectors.joining(", "));
    }

    private Reason scope() {
        Service service = flow.service();
        if (service.namespacePrivate()
                && !service.name().namespace().equals(flow.client().namespace())) {
            return refuses(
                    Step.SCOPE,
                    "only clients of namespace " + service.name().namespace() + " see it, and this one is of "
                            + flow.client().namespace());
        }
        if (service.port(flow.port()).isEmpty()) {
            return refuses(
                    Step.SCOPE,
                    "port: " + flow.port() + " (expected: one of "
                            + service.ports().stream()
                                    .map(port -> Integer.toString(port.port()))
                                    .collect(Collectors.joining(", "))
                            + ")");
        }
        String at = service.addresses().isEmpty()
                ? ""
                : ", at "
                        + service.addresses().stream()
                                .map(address -> address.ip().toString())
                                .collect(Collectors.joining(", "));
        String outside = flow.client().tunnel() == Workload.Tunnel.NONE
                ? "; the client is not in the mesh, so no ztunnel acts for it"
                : "";
        return passes(
                Step.SCOPE,
                balancing(service.loadBalancing()) + at + "; client in "
                        + flow.client().network() + ", " + place(flow.client().locality()) + outside);
    }

    private static String balancing(LoadBalancing it) {
        return switch (it.mode()) {
            case STANDARD -> "all endpoints in one rank";
            case STRICT -> "only where all match: " + it.preference();
            case FAILOVER -> "nearest first by " + it.preference();
            case PASSTHROUGH -> "passed through by address";
        };
    }

    private static String place(Locality it) {
        String known = Stream.of(it.region(), it.zone(), it.subzone())
                .filter(word -> !word.isEmpty())
                .collect(Collectors.joining("/"));
        return known.isEmpty() ? "no known place" : known;
    }

    private boolean isWaypointed() {
        return flow.service().waypoint().isPresent();
    }

    private Reason rank() {
        if (isWaypointed()) {
            return open(Step.RANK, "the waypoint decides");
        }
        if (choices.isEmpty() && has(Standing.OUT_OF_SCOPE)) {
            return refuses(
                    Step.RANK,
                    "no endpoint matches all of "
                            + flow.service().loadBalancing().preference());
        }
        String others = candidates.stream()
                .filter(it -> it.standing() == Standing.LOWER_RANK)
                .map(it -> name(it) + " (rank " + it.rank() + ")")
                .limit(NAMES_MAX)
                .collect(Collectors.joining(", "));
        return choices.isEmpty()
                ? open(Step.RANK, "nobody to rank")
                : passes(
                        Step.RANK,
                        names(choices)
                                + (others.isEmpty()
                                        ? ""
                                        : ", before " + others + ", rank "
                                                + choices.getFirst().rank() + " wins"));
    }

    private Reason weight() {
        if (isWaypointed()) {
            return open(Step.WEIGHT, "the waypoint decides");
        }
        if (choices.isEmpty()) {
            return has(Standing.NO_CAPACITY)
                    ? refuses(Step.WEIGHT, "all that could serve have capacity 0")
                    : open(Step.WEIGHT, "nobody to weigh");
        }
        double total =
                choices.stream().mapToLong(it -> it.endpoint().capacity()).sum();
        String weights = choices.stream()
                .limit(NAMES_MAX)
                .map(it -> name(it) + " " + it.endpoint().capacity() + " of " + (long) total)
                .collect(Collectors.joining(", "));
        return passes(Step.WEIGHT, weights + "; " + rule());
    }

    /** What made the weights. */
    private String rule() {
        FederationView view = flow.view();
        String planned = view.ownState()
                .flatMap(own -> view.plan()
                        .flatMap(plan -> plan.row(flow.service().name(), own.region()))
                        .map(row -> row.of(own.region()) == Shares.WHOLE
                                ? "by readiness, the plan moves nothing"
                                : "by the plan's row " + row))
                .orElse("by readiness, no row of a plan");
        String lowered = view.overrides().grades().entrySet().stream()
                .map(grade -> grade.getKey() + " to " + grade.getValue() + " of 10000")
                .collect(Collectors.joining(", "));
        String silent = view.overrides().silent().entrySet().stream()
                .map(it -> it.getKey() + " by " + it.getValue().word())
                .collect(Collectors.joining(", "));
        return planned
                + (lowered.isEmpty() ? "" : "; our observers lower " + lowered)
                + (silent.isEmpty() ? "" : "; without a sign of life " + silent);
    }

    private Reason health() {
        String seen = Stream.concat(
                        Stream.of(ownReady()).filter(it -> !it.isEmpty()),
                        federated().stream()
                                .flatMap(it -> it.parts().stream())
                                .filter(part ->
                                        !part.cluster().equals(flow.view().own()))
                                .map(this::remoteReady))
                .collect(Collectors.joining("; "));
        if (isWaypointed() || !choices.isEmpty()) {
            return passes(Step.HEALTH, seen);
        }
        String why = candidates.isEmpty()
                ? "it has no endpoints"
                : "no endpoint can serve: "
                        + candidates.stream()
                                .limit(NAMES_MAX)
                                .map(it -> name(it) + " " + word(it.standing()))
                                .collect(Collectors.joining(", "));
        return refuses(Step.HEALTH, why + (seen.isEmpty() ? "" : "; " + seen));
    }

    private String ownReady() {
        List<Workload> own = flow.view().objects().workloads().stream()
                .filter(it -> it.serves(flow.service().name()))
                .toList();
        long ready = own.stream().filter(it -> it.health() == Health.HEALTHY).count();
        return own.isEmpty()
                ? ""
                : flow.view().own() + " has " + ready + " of " + own.size() + " ready"
                        + sight(flow.view().own());
    }

    private String remoteReady(FederatedService.Part part) {
        return part.cluster() + " has " + part.export().ready() + " ready" + sight(part.cluster());
    }

    private String sight(ClusterId cluster) {
        String unheard = flow.picture().unheard().contains(cluster) ? ", not heard since the start" : "";
        return flow.picture()
                .sight(cluster)
                .map(it -> " (API " + word(it.api())
                        + it.link().map(FlowSteps::word).orElse("")
                        + it.link().map(link -> ", path " + word(it.path())).orElse("") + unheard + ")")
                .orElse("");
    }

    private Reason gateway() {
        if (isWaypointed()) {
            return switch (flow.wayToWaypoint()) {
                case Way.ViaWaypoint via ->
                    passes(Step.GATEWAY, "waypoint " + via.dialled().name() + " at " + via.hop());
                case Way.None none -> refuses(Step.GATEWAY, none.reason().word() + ", " + none.detail());
                case Way other -> passes(Step.GATEWAY, other.toString());
            };
        }
        if (choices.isEmpty()) {
            return open(Step.GATEWAY, "nobody to reach");
        }
        Set<String> said = new TreeSet<>();
        boolean isAnyReached = false;
        for (Candidate choice : choices) {
            Way way = flow.way(choice);
            isAnyReached |= !(way instanceof Way.None)
                    && (!flow.isRelayed(choice) || !flow.split().isEmpty());
            said.add(
                    switch (way) {
                        case Way.ViaGateway via
                        when flow.isRelayed(choice) ->
                            "own gateway " + via.dialled().name() + " at " + via.hop() + ", on to " + relayed();
                        case Way.ViaGateway via -> "gateway " + via.dialled().name() + " at " + via.hop();
                        case Way.None none -> none.reason().word() + ", " + none.detail();
                        case Way.Direct direct ->
                            "none, " + choice.endpoint().network() + " is the client's own network";
                        case Way.Plain plain -> "none, plain TCP to " + plain.hop();
                        case Way.ViaWaypoint via -> "waypoint " + via.dialled().name() + " at " + via.hop();
                    });
        }
        return isAnyReached
                ? passes(Step.GATEWAY, String.join("; ", said))
                : refuses(Step.GATEWAY, String.join("; ", said));
    }

    private String relayed() {
        List<String> said = new ArrayList<>();
        for (RelayTarget.Part part : flow.relayParts()) {
            ClusterState cluster = flow.view().clusters().get(part.cluster());
            String gateways = cluster == null
                    ? "unknown"
                    : Flow.healthyGateways(cluster) + " of "
                            + cluster.gateways().size() + " gateways healthy";
            String weight =
                    part.share().isPresent() ? "share " + part.share().getAsInt() : "capacity " + part.capacity();
            String status = cluster == null || flow.view().status(cluster).isAllowed()
                    ? ""
                    : ", " + cluster.region() + " is out by the plan";
            said.add(part.cluster() + " (" + weight + ", " + gateways + status + ")");
        }
        return said.isEmpty() ? "nowhere" : String.join(", ", said);
    }

    private Reason certificate() {
        String shown = "shows " + flow.client().identity();
        if (choices.isEmpty() && !isWaypointed()) {
            return open(Step.CERTIFICATE, shown + "; nobody to answer");
        }
        Set<String> expected = new TreeSet<>();
        (isWaypointed() ? Stream.of(flow.wayToWaypoint()) : choices.stream().map(flow::way))
                .forEach(way -> expected.addAll(expected(way)));
        return expected.isEmpty()
                ? refuses(Step.CERTIFICATE, "nobody may answer for it: it names no identities")
                : passes(Step.CERTIFICATE, shown + "; must answer: " + String.join("; ", expected));
    }

    private static List<String> expected(Way way) {
        return switch (way) {
            case Way.ViaGateway via ->
                List.of("gateway " + texts(via.expected()), "inside " + texts(via.innerExpected()));
            case Way.Direct direct -> List.of(texts(direct.expected()));
            case Way.ViaWaypoint via -> List.of("waypoint " + texts(via.expected()));
            case Way.Plain plain -> List.of("anybody, it is plain TCP");
            case Way.None none -> List.of();
        };
    }

    private static String texts(List<SpiffeId> ids) {
        return ids.stream().map(SpiffeId::toString).collect(Collectors.joining(" or "));
    }

    private Reason authorization() {
        if (isWaypointed()) {
            return open(Step.AUTHORIZATION, "the waypoint decides");
        }
        if (choices.isEmpty()) {
            return open(Step.AUTHORIZATION, "nobody to authorize it");
        }
        List<Candidate> local = choices.stream()
                .filter(it -> it.endpoint().cluster().equals(flow.view().own()) && !flow.isRelayed(it))
                .toList();
        Map<String, Integer> denied = new TreeMap<>();
        local.forEach(it -> denial(it.endpoint()).ifPresent(by -> denied.merge(by, 1, Integer::sum)));
        if (!denied.isEmpty()) {
            int count = denied.values().stream().mapToInt(it -> it).sum();
            String by = String.join(", ", denied.keySet());
            return count == choices.size()
                    ? refuses(Step.AUTHORIZATION, by)
                    : open(Step.AUTHORIZATION, count + " of " + choices.size() + " endpoints refuse: " + by);
        }
        Optional<RelayTarget> target = flow.relayTarget()
                .filter(it -> !it.clients().isEmpty()
                        && !it.clients().contains(flow.client().identity()));
        if (target.isPresent() && local.isEmpty()) {
            return refuses(
                    Step.AUTHORIZATION,
                    "our gateways carry it for others only: " + target.get().clients());
        }
        return local.size() == choices.size()
                ? passes(Step.AUTHORIZATION, "no policy of ours denies it")
                : open(Step.AUTHORIZATION, "decided where it ends, by policies that only that cluster knows");
    }

    private Optional<String> denial(Workload endpoint) {
        if (endpoint.addresses().isEmpty() || flow.client().addresses().isEmpty()) {
            return Optional.empty();
        }
        AuthorizationRules.Attempt attempt = new AuthorizationRules.Attempt(
                Optional.of(flow.client().identity()),
                flow.client().addresses().getFirst(),
                endpoint.addresses().getFirst(),
                endpoint.targetPort(flow.service().name(), flow.port()).orElse(flow.port()));
        return AuthorizationRules.judge(flow.told(), endpoint, attempt) instanceof AuthorizationRules.Verdict.Deny deny
                ? Optional.of(word(deny.cause()) + " " + deny.policy())
                : Optional.empty();
    }

    /** What the leader decided, as far as this discovery has heard. */
    static String plan(FederationView view) {
        String out = view.plan().stream()
                .flatMap(plan -> plan.regions().stream())
                .filter(region -> !region.phase().name().equals("ACTIVE"))
                .map(region -> region.region() + " " + region.phase() + " (" + region.reason() + ")")
                .collect(Collectors.joining(", "));
        return view.plan()
                .map(plan -> "epoch " + plan.version().epoch() + ", seq "
                        + plan.version().seq() + " by " + plan.leader()
                        + (out.isEmpty() ? ", all regions active" : ": " + out))
                .orElse("none");
    }

    private boolean has(Standing standing) {
        return candidates.stream().anyMatch(it -> it.standing() == standing);
    }

    private String names(List<Candidate> some) {
        String first = some.stream().limit(NAMES_MAX).map(this::name).collect(Collectors.joining(", "));
        return some.size() > NAMES_MAX ? first + " and " + (some.size() - NAMES_MAX) + " more" : first;
    }

    /** What stands for other clusters has no name that says anything. */
    private String name(Candidate it) {
        if (flow.isRelayed(it)) {
            return "other clusters by our gateways";
        }
        return it.endpoint().networkGateway().isPresent()
                ? it.endpoint().cluster() + " by its gateways"
                : FlowRules.name(it.endpoint());
    }

    private static String word(Enum<?> it) {
        return it.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String word(Freshness it) {
        return switch (it) {
            case Freshness.Live live -> "live";
            case Freshness.Unknown unknown -> "unknown";
            case Freshness.Stale(Duration age) -> "stale for " + age.toSeconds() + " s";
        };
    }

    private static String word(ClusterSight.Link it) {
        return ", link " + word(it.state())
                + it.silence()
                        .filter(silence -> silence.toSeconds() > 0)
                        .map(silence -> " for " + silence.toSeconds() + " s")
                        .orElse("");
    }
}
