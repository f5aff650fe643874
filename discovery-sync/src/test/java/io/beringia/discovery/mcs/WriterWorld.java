package io.beringia.discovery.mcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.kube.ApiWrite;
import io.beringia.discovery.kube.ClusterNews;
import io.beringia.discovery.kube.ClusterWatch;
import io.beringia.discovery.kube.KubeObject.ServiceImportObject;
import io.beringia.discovery.kube.Kubeconfig;
import io.beringia.discovery.kube.LocalCluster;
import io.beringia.discovery.kube.LocalPart;
import io.beringia.discovery.kube.ObjectName;
import io.beringia.discovery.kube.OwnApiWrites;
import io.beringia.discovery.kube.OwnPart;
import io.beringia.discovery.lab.LabApiServer;
import io.beringia.discovery.merge.ClusterExports;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.merge.FederatedService;
import io.beringia.discovery.merge.FederationView;
import io.beringia.discovery.merge.LocalOverrides;
import io.beringia.discovery.merge.MergeRules;
import io.beringia.discovery.peering.ExportRules;
import io.beringia.discovery.peering.PeerStatus;
import io.beringia.discovery.peering.ProbeName;
import io.beringia.trust.identity.TrustDomain;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** The API of cluster east, its writers, driven by hand, and what peers tell it. Owned by the test's thread. */
final class WriterWorld implements AutoCloseable {
    static final ObjectName CART = new ObjectName("shop", "cart");

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Definitions of both kinds, and the namespaces that every test has. */
    static final String BASE = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: serviceexports.multicluster.x-k8s.io}
            spec: {versions: [{name: v1beta1}]}
            ---
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: serviceimports.multicluster.x-k8s.io}
            spec: {versions: [{name: v1beta1}]}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: beringia-system}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop}
            """;

    final Map<ClusterId, ClusterExports> peers = new HashMap<>();
    final Set<ClusterId> unheard = new HashSet<>();
    final List<PeerStatus> links = new CopyOnWriteArrayList<>();
    final Set<ClusterId> configured = new HashSet<>();
    final List<ApiWrite> written = new CopyOnWriteArrayList<>();
    final List<McsListener.Standing> standings = new CopyOnWriteArrayList<>();
    private final List<String> trouble = new CopyOnWriteArrayList<>();
    private final Path directory;
    private final LabApiServer lab;
    private final ClusterWatch watch;
    private final OwnApiWrites api;
    private final List<OwnApiWrites> apis = new ArrayList<>();
    private volatile Optional<LocalPart> local = Optional.empty();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    WriterWorld(Path directory) throws Exception {
        this.directory = directory;
        write("base.yaml", BASE);
        this.lab = LabApiServer.start(
                new LabApiServer.Options(
                        directory,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Duration.ofMillis(20),
                        List.of()),
                InstantSource.system());
        this.api = new OwnApiWrites(Kubeconfig.anonymous(lab.uri()), "beringia-system");
        this.watch = ClusterWatch.start(
                Kubeconfig.anonymous(lab.uri()),
                new LocalCluster(
                        new ClusterId("east"),
                        new Network("net"),
                        new TrustDomain("cluster.local"),
                        "cluster.local",
                        "istio-system"),
                new ClusterWatch.Liveness(Duration.ofMillis(50), Duration.ofMillis(500), Duration.ofMinutes(3)),
                InstantSource.system(),
                news -> {
                    if (news instanceof ClusterNews.PartChanged(LocalPart part)) {
                        local = Optional.of(part);
                    }
                });
        await().atMost(PATIENCE)
                .until(() -> local.filter(part -> part.mcs().isServed()).isPresent());
    }

    void write(String file, String yaml) throws IOException {
        Files.writeString(directory.resolve(file), yaml);
    }

    McsWriter writer(String replica) {
        OwnApiWrites own = new OwnApiWrites(Kubeconfig.anonymous(lab.uri()), "beringia-system");
        apis.add(own);
        return new McsWriter(
                new McsConfig(
                        "beringia-system",
                        replica,
                        Optional.of(McsConfig.DEFAULT_IPV4),
                        Optional.of(McsConfig.DEFAULT_IPV6),
                        McsConfig.DEFAULT_SETTLE,
                        McsConfig.Slices.SAME_NETWORK,
                        McsConfig.EndpointTtlRule.DROP),
                new McsWriter.Surroundings(own, this::outlook, new Recorded(), () -> now));
    }

    /** How often a write to an object of that name was not taken. */
    int trouble(String name) {
        return (int) trouble.stream().filter(it -> it.contains(name + ":")).count();
    }

    OwnApiWrites api() {
        return api;
    }

    LocalPart local() {
        return local.orElseThrow();
    }

    void advance(Duration time) {
        now = now.plus(time);
    }

    Instant now() {
        return now;
    }

    Optional<ServiceImportObject> cart() {
        return Optional.ofNullable(local().mcs().imports().get(CART));
    }

    /** Rounds until the API says so; each is a little later. */
    void roundsUntil(McsWriter writer, String what, Predicate<LocalPart> wanted) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            advance(Duration.ofMillis(100));
            writer.round(now);
            assertThat(local()).as("%s; trouble: %s", what, trouble).matches(wanted);
        });
    }

    private Optional<Outlook> outlook() {
        LocalPart part = local();
        ExportRules rules = ExportRules.of(ExportRules.Default.CLUSTERSET, Set.of(), ProbeName.DEFAULT);
        return Optional.of(new Outlook(
                view(part), part, rules.decide(part, configured), Set.of(), configured, unheard, configured, links));
    }

    private FederationView view(LocalPart part) {
        Map<ClusterId, ClusterExports> parts = new HashMap<>(peers);
        parts.put(
                part.cluster().id(),
                OwnPart.exports(
                        part,
                        new OwnPart.Facts(new RegionId("r"), new ServiceName("beringia-system", "gateway"), Set.of())));
        Map<ServiceName, List<FederatedService.Part>> all = new HashMap<>();
        Map<ClusterId, ClusterState> states = new HashMap<>();
        parts.forEach((cluster, exports) -> {
            states.put(cluster, exports.cluster());
            exports.exports()
                    .forEach((name, export) -> all.computeIfAbsent(name, one -> new ArrayList<>())
                            .add(new FederatedService.Part(cluster, export)));
        });
        Map<ServiceName, FederatedService> services = new HashMap<>();
        all.forEach((name, some) -> MergeRules.merge(name, some).ifPresent(service -> services.put(name, service)));
        return new FederationView(
                1,
                part.cluster().id(),
                OwnPart.objects(part, List.of(), LoadBalancing.STANDARD),
                states,
                services,
                Optional.empty(),
                LocalOverrides.NONE);
    }

    /** A peer that exports this. */
    void tells(String cluster, Export... exports) {
        ClusterId id = new ClusterId(cluster);
        configured.add(id);
        peers.put(
                id,
                ClusterExports.of(
                        new ClusterState(
                                id,
                                new RegionId("r-" + cluster),
                                new Network("net"),
                                Set.of(),
                                List.of(),
                                RegionStatus.ACTIVE,
                                new Freshness.Live()),
                        List.of(exports)));
    }

    @Override
    public void close() {
        watch.close();
        apis.forEach(OwnApiWrites::close);
        api.close();
        lab.close();
    }

    private final class Recorded implements McsListener {
        @Override
        public void onWriter(boolean isOurs) {}

        @Override
        public void onWritten(ApiWrite write) {
            written.add(write);
        }

        @Override
        public void onNotWritten(ApiWrite write, String why) {
            trouble.add(write.name() + ": " + why);
        }

        @Override
        public void onSilent(String why) {
            trouble.add(why);
        }

        @Override
        public void onRoundFailed(RuntimeException bug) {
            throw bug;
        }

        @Override
        public void onRound(Standing standing) {
            standings.add(standing);
        }

        @Override
        public void onBrokenLedger(String why) {}
    }
}
