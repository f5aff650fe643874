package io.beringia.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.apiserver.LabApi;
import io.beringia.discovery.apiserver.TestApi;
import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.mcs.McsConfig;
import io.beringia.discovery.merge.StalePolicy;
import io.beringia.discovery.peering.PeerConfig;
import io.beringia.discovery.peering.PeerLimits;
import io.beringia.discovery.plan.PlanConfig;
import io.beringia.discovery.wire.CatalogClient;
import io.beringia.discovery.wire.ResourceType;
import io.beringia.trust.client.GrpcTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** One cluster: an API, the lab's unless another is given, its discovery, and a gateway that follows. */
final class LabCluster implements AutoCloseable {
    static final ServiceName CART = new ServiceName("shop", "cart.shop.svc.cluster.local");

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    static final String SHOP = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: gateway, namespace: beringia-system}
            spec:
              clusterIP: 10.96.1.2
              selector: {app: gateway}
              ports: [{name: hbone, port: 15008, targetPort: 15008}, {name: relay, port: 15018, targetPort: 15018}]
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: gw-0, namespace: beringia-system, labels: {app: gateway}}
            spec: {serviceAccountName: gateway, containers: [{name: app, image: none}]}
            status: {phase: Running, podIP: 127.0.0.9, conditions: [{type: Ready, status: "True"}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: beringia-probe, namespace: beringia-system, labels: {istio.io/global: "true"}}
            spec: {clusterIP: 10.96.1.3, selector: {app: probe}, ports: [{port: 7, targetPort: 7}]}
            """;
    static final String CART_OF = """
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: cart, namespace: shop, labels: {istio.io/global: "%s"}}
            spec: {clusterIP: 10.96.1.1, selector: {app: cart}, ports: [{port: 80, targetPort: 8080}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata:
              name: cart-1
              namespace: shop
              labels: {app: cart}
              annotations: {ambient.istio.io/redirection: enabled}
            spec: {serviceAccountName: cart, containers: [{name: app, image: none}]}
            status: {phase: Running, podIP: 10.1.0.1, conditions: [{type: Ready, status: "%s"}]}
            """;

    private final Path directory;
    private final TestMesh mesh;
    private final String name;
    private final String network;
    private final Optional<DiscoveryConfig.Clusterset> clusterset;
    private final Optional<TestApi> api;
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicLong ahead = new AtomicLong();
    private final DiscoveryMain discovery;
    private final Follower gateway;

    /**
     * @param directory of all clusters of the test
     * @param yaml of its lab; empty for a cluster without an API
     */
    LabCluster(
            Path directory,
            TestMesh mesh,
            String name,
            String yaml,
            List<PeerConfig> peers,
            Optional<PlanConfig> planFrom) {
        this(
                directory,
                mesh,
                name,
                "net-" + name,
                lab(directory, name, yaml),
                peers,
                planFrom,
                Optional.empty(),
                Optional.empty(),
                DiscoveryConfig.Stale.DEFAULT);
    }

    /** One of whose clients nobody goes to a cluster without a sign of life. */
    static LabCluster dropping(Path directory, TestMesh mesh, String name, String yaml, List<PeerConfig> peers) {
        return new LabCluster(
                directory,
                mesh,
                name,
                "net-" + name,
                lab(directory, name, yaml),
                peers,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new DiscoveryConfig.Stale(StalePolicy.DROP, Duration.ofSeconds(30)));
    }

    /**
     * One that keeps what it knows, and was perhaps here before.
     *
     * @param yaml empty for one whose API is dead, if it had one before
     */
    static LabCluster keeping(Path directory, TestMesh mesh, String name, String yaml, List<PeerConfig> peers) {
        return new LabCluster(
                directory,
                mesh,
                name,
                "net-" + name,
                lab(directory, name, yaml),
                peers,
                Optional.empty(),
                Optional.empty(),
                Optional.of(new DiscoveryConfig.Keeping(
                        directory.resolve(name + "-snapshots"), DiscoveryConfig.Keeping.DEFAULT_MAX_AGE)),
                DiscoveryConfig.Stale.DEFAULT);
    }

    /** One over that API, which it closes and which holds something already. */
    static LabCluster over(TestApi api, Path directory, TestMesh mesh, String name, List<PeerConfig> peers) {
        return new LabCluster(
                directory,
                mesh,
                name,
                "net-" + name,
                Optional.of(api),
                peers,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                DiscoveryConfig.Stale.DEFAULT);
    }

    /** One over that API, as above, that takes part in the Multi-Cluster Services API. */
    static LabCluster ofClusterset(
            TestApi api, Path directory, TestMesh mesh, String name, String network, List<PeerConfig> peers) {
        return new LabCluster(
                directory,
                mesh,
                name,
                network,
                Optional.of(api),
                peers,
                Optional.empty(),
                Optional.of(new DiscoveryConfig.Clusterset(
                        new McsConfig(
                                "beringia-system",
                                name + "-0",
                                Optional.of(McsConfig.DEFAULT_IPV4),
                                Optional.of(McsConfig.DEFAULT_IPV6),
                                McsConfig.DEFAULT_SETTLE,
                                McsConfig.Slices.SAME_NETWORK,
                                McsConfig.EndpointTtlRule.DROP),
                        loopback())),
                Optional.empty(),
                DiscoveryConfig.Stale.DEFAULT);
    }

    private LabCluster(
            Path directory,
            TestMesh mesh,
            String name,
            String network,
            Optional<TestApi> api,
            List<PeerConfig> peers,
            Optional<PlanConfig> planFrom,
            Optional<DiscoveryConfig.Clusterset> clusterset,
            Optional<DiscoveryConfig.Keeping> keeping,
            DiscoveryConfig.Stale stale) {
        this.directory = directory;
        this.mesh = mesh;
        this.name = name;
        this.network = network;
        this.clusterset = clusterset;
        this.api = api;
        api.ifPresent(it -> writeKubeconfig(kubeconfig(), it));
        this.discovery = DiscoveryMain.start(
                config(peers, planFrom, keeping, stale),
                mesh.credentials(name, "beringia-system", "discovery"),
                new SpiffeVerifier(),
                meters,
                InstantSource.system(),
                () -> System.nanoTime() + ahead.get());
        this.gateway = new Follower(
                "beringia-gateway~127.0.0.9~gw-0.beringia-system~beringia-system.svc.cluster.local",
                mesh.tls(name, "beringia-system", "gateway"),
                EnumSet.allOf(ResourceType.class));
    }

    /** One that follows as a workload's host would; the caller closes it. */
    Follower host() {
        return new Follower(
                "beringia-host~127.0.0.1~cart-1.shop~shop.svc.cluster.local",
                mesh.tls(name, "shop", "cart"),
                EnumSet.of(ResourceType.AUTHORIZATION, ResourceType.ADDRESS));
    }

    /** What its API says to that. */
    String get(String path) {
        return api.orElseThrow().get(path).body();
    }

    /** A kubeconfig of its API. */
    Path kubeconfig() {
        return directory.resolve(name + ".kubeconfig");
    }

    DiscoveryMain discovery() {
        return discovery;
    }

    MeterRegistry meters() {
        return meters;
    }

    /** By the clock that tells ages, so much more than really passed. */
    void advance(Duration time) {
        ahead.addAndGet(time.toNanos());
    }

    /** None where it would hold nothing. */
    private static Optional<TestApi> lab(Path directory, String name, String yaml) {
        try {
            return yaml.isEmpty()
                    ? Optional.empty()
                    : Optional.of(LabApi.start(Files.createDirectories(directory.resolve(name)), yaml));
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    private static void writeKubeconfig(Path file, TestApi api) {
        try {
            Files.writeString(file, api.kubeconfig());
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private DiscoveryConfig config(
            List<PeerConfig> peers,
            Optional<PlanConfig> planFrom,
            Optional<DiscoveryConfig.Keeping> keeping,
            DiscoveryConfig.Stale stale) {
        return new DiscoveryConfig(
                new RegionId("region-" + name),
                new ClusterId(name),
                new Network(network),
                TestMesh.TRUST_DOMAIN,
                "cluster.local",
                Optional.of(new DiscoveryConfig.Kube(kubeconfig(), true, "istio-system"))
                        .filter(it -> Files.exists(it.kubeconfig())),
                loopback(),
                loopback(),
                new DiscoveryConfig.Gateways(
                        new ServiceName("beringia-system", "gateway.beringia-system.svc.cluster.local"),
                        Set.of(TestMesh.id("beringia-system", "gateway")),
                        true),
                DiscoveryConfig.Exports.DEFAULT,
                peers,
                Duration.ofSeconds(20),
                planFrom,
                clusterset,
                keeping,
                Set.of(TestMesh.id("ops", "alice")),
                stale,
                PeerLimits.DEFAULT,
                Optional.empty());
    }

    /** The objects of its API become these. */
    void write(String yaml) {
        api.orElseThrow().hold(yaml);
    }

    /** A peer that is dialled. */
    PeerConfig asPeer() {
        PeerConfig peer = awaited(name);
        return new PeerConfig(
                peer.cluster(),
                peer.region(),
                peer.trustDomain(),
                peer.identities(),
                List.of("127.0.0.1:" + discovery.peeringPort()),
                Set.of(new Network(network)),
                peer.mark());
    }

    Catalog catalog() {
        return gateway.latest();
    }

    /** Looks at each catalog that its gateway is told from now on, on the thread that follows. */
    void onCatalog(Consumer<Catalog> look) {
        gateway.onCatalog(look);
    }

    void awaitCatalog(String what, Predicate<Catalog> wanted) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(catalog()).as("%s of %s", what, name).matches(wanted));
    }

    @Override
    public void close() {
        gateway.close();
        discovery.close();
        api.ifPresent(TestApi::close);
    }

    /** A peer that dials us. */
    static PeerConfig awaited(String name) {
        return awaited(name, "net-" + name);
    }

    /** A peer of that network that dials us. */
    static PeerConfig awaited(String name, String network) {
        return new PeerConfig(
                new ClusterId(name),
                new RegionId("region-" + name),
                TestMesh.TRUST_DOMAIN,
                Set.of(TestMesh.id("beringia-system", "discovery")),
                List.of(),
                name.equals("witness") ? Set.of() : Set.of(new Network(network)),
                PeerConfig.ClusterMark.REQUIRED);
    }

    /** A client of our discovery. */
    final class Follower implements AutoCloseable {
        private final ManagedChannel channel;
        private final CatalogClient catalog;

        private Follower(String node, GrpcTls tls, Set<ResourceType> types) {
            this.channel = Grpc.newChannelBuilder("127.0.0.1:" + discovery.xdsPort(), tls.channel(id -> true))
                    .build();
            this.catalog = CatalogClient.start(
                    channel,
                    new CatalogClient.Subject(node, Map.of("CLUSTER_ID", name), types, Optional.empty()),
                    new Random(1),
                    new Unheard());
        }

        Catalog latest() {
            return catalog.latest();
        }

        /** Until this is closed. */
        private void onCatalog(Consumer<Catalog> look) {
            var _ = catalog.subscribe(() -> look.accept(catalog.latest()));
        }

        @Override
        public void close() {
            catalog.close();
            channel.shutdownNow();
        }
    }

    /** What goes wrong is seen in the catalog. */
    private static final class Unheard implements CatalogClient.Listener {
        @Override
        public void onDisconnected(String why) {}

        @Override
        public void onRefused(String what) {}
    }
}
