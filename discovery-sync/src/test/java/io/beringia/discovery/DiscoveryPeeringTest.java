package io.beringia.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.ExportedAuthority;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.lab.LabApiServer;
import io.beringia.discovery.peering.PeerConfig;
import io.beringia.discovery.wire.CatalogClient;
import io.beringia.discovery.wire.ResourceType;
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
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Discoveries of several clusters, each over a lab's API, and what the gateways of one are told of the others. */
final class DiscoveryPeeringTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ServiceName CART = new ServiceName("shop", "cart.shop.svc.cluster.local");
    private static final ServiceName PROBE =
            new ServiceName("beringia-system", "beringia-probe.beringia-system.svc.cluster.local");
    private static final String SHOP = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: gateway, namespace: beringia-system}
            spec:
              clusterIP: 10.0.0.2
              selector: {app: gateway}
              ports: [{name: hbone, port: 15008, targetPort: 15008}, {name: relay, port: 15018, targetPort: 15018}]
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: gw-0, namespace: beringia-system, labels: {app: gateway}}
            spec: {serviceAccountName: gateway}
            status: {phase: Running, podIP: 127.0.0.9, conditions: [{type: Ready, status: "True"}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: beringia-probe, namespace: beringia-system, labels: {istio.io/global: "true"}}
            spec: {clusterIP: 10.0.0.3, selector: {app: probe}, ports: [{port: 7, targetPort: 7}]}
            """;
    private static final String CART_OF = """
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: cart, namespace: shop, labels: {istio.io/global: "%s"}}
            spec: {clusterIP: 10.0.0.1, selector: {app: cart}, ports: [{port: 80, targetPort: 8080}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata:
              name: cart-1
              namespace: shop
              labels: {app: cart}
              annotations: {ambient.istio.io/redirection: enabled}
            spec: {serviceAccountName: cart}
            status: {phase: Running, podIP: 10.1.0.1, conditions: [{type: Ready, status: "%s"}]}
            """;

    @TempDir
    private Path directory;

    private TestMesh mesh;
    private final List<Cluster> clusters = new ArrayList<>();

    @BeforeEach
    void certificates() {
        mesh = new TestMesh(directory.resolve("ca"), "east", "west", "north", "witness");
    }

    @AfterEach
    void end() {
        clusters.forEach(Cluster::close);
    }

    @Test
    void a_service_exported_in_one_cluster_is_in_the_others_catalog_until_it_is_not() {
        Cluster east = new Cluster("east", SHOP + CART_OF.formatted("true", "True"), List.of(awaited("west")));
        Cluster west = new Cluster("west", SHOP, List.of(east.asPeer()));

        west.awaitCatalog("ready", catalog -> capacity(catalog, "east") > 0);
        ClusterState seen = cluster(west.catalog(), "east").orElseThrow();
        assertThat(seen.freshness()).isEqualTo(new Freshness.Live());
        assertThat(seen.gateways()).singleElement().hasFieldOrPropertyWithValue("name", "gw-0");
        east.awaitCatalog(
                "who may call",
                catalog -> Optional.ofNullable(catalog.exported().get(CART.hostname()))
                        .map(ExportedAuthority::consumers)
                        .equals(Optional.of(Set.of(new ClusterId("west")))));

        east.write(SHOP + CART_OF.formatted("true", "False"));
        west.awaitCatalog("unready", catalog -> target(catalog).isPresent() && capacity(catalog, "east") == 0);

        east.write(SHOP + CART_OF.formatted("false", "True"));
        west.awaitCatalog("unexported", catalog -> target(catalog).isEmpty());
    }

    @Test
    void a_lost_peer_keeps_its_services_and_is_stale() {
        Cluster east = new Cluster("east", SHOP + CART_OF.formatted("true", "True"), List.of(awaited("west")));
        Cluster west = new Cluster("west", SHOP, List.of(east.asPeer()));
        west.awaitCatalog("ready", catalog -> capacity(catalog, "east") > 0);

        east.close();

        west.awaitCatalog(
                "stale",
                catalog -> cluster(catalog, "east")
                        .filter(state -> state.freshness() instanceof Freshness.Stale)
                        .isPresent());
        assertThat(capacity(west.catalog(), "east")).as("what it had").isPositive();
    }

    @Test
    void three_clusters_are_one_and_the_same_service_of_two_of_them_is_one() {
        Cluster east = new Cluster(
                "east", SHOP + CART_OF.formatted("true", "True"), List.of(awaited("west"), awaited("north")));
        Cluster west =
                new Cluster("west", SHOP + CART_OF.formatted("true", "True"), List.of(east.asPeer(), awaited("north")));
        Cluster north = new Cluster("north", SHOP, List.of(east.asPeer(), west.asPeer()));

        north.awaitCatalog("both", catalog -> capacity(catalog, "east") > 0 && capacity(catalog, "west") > 0);
        east.awaitCatalog("the other", catalog -> capacity(catalog, "west") > 0);
    }

    @Test
    void a_witness_takes_the_probe_and_is_heard() {
        Cluster east = new Cluster("east", SHOP + CART_OF.formatted("true", "True"), List.of(awaited("witness")));
        Cluster witness = new Cluster("witness", "", List.of(east.asPeer()));

        await().atMost(PATIENCE).until(() -> east.discovery.heard().containsKey(new RegionId("region-witness")));
        await().atMost(PATIENCE).until(() -> witness.discovery.heard().containsKey(new RegionId("region-east")));
        assertThat(east.discovery.awaited()).as("a witness exports nothing").isEmpty();
        witness.awaitCatalog("probe", catalog -> catalog.relayTargets().containsKey(PROBE.hostname()));
        assertThat(witness.catalog().relayTargets()).hasSize(1);
    }

    @Test
    void a_network_that_the_operator_did_not_list_is_refused_and_counted() {
        Cluster east = new Cluster("east", SHOP + CART_OF.formatted("true", "True"), List.of(awaited("west")));
        PeerConfig listed = east.asPeer();
        Cluster west = new Cluster(
                "west",
                SHOP,
                List.of(new PeerConfig(
                        listed.cluster(),
                        listed.region(),
                        listed.trustDomain(),
                        listed.identities(),
                        listed.addresses(),
                        Set.of(new Network("net-other")),
                        listed.mark())));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(west.meters
                                .find("discovery.peer.rejected")
                                .tag("reason", "unlisted-network")
                                .counters())
                        .isNotEmpty());
        assertThat(cluster(west.catalog(), "east")).isEmpty();
    }

    private static Optional<RelayTarget> target(Catalog catalog) {
        return Optional.ofNullable(catalog.relayTargets().get(CART.hostname()));
    }

    private static long capacity(Catalog catalog, String cluster) {
        return target(catalog).stream()
                .flatMap(target -> target.parts().stream())
                .filter(part -> part.cluster().name().equals(cluster))
                .mapToLong(RelayTarget.Part::capacity)
                .sum();
    }

    private static Optional<ClusterState> cluster(Catalog catalog, String name) {
        return Optional.ofNullable(catalog.clusters().get(new ClusterId(name)));
    }

    /** A peer that dials us. */
    private static PeerConfig awaited(String name) {
        return new PeerConfig(
                new ClusterId(name),
                new RegionId("region-" + name),
                TestMesh.TRUST_DOMAIN,
                Set.of(TestMesh.id("beringia-system", "discovery")),
                List.of(),
                name.equals("witness") ? Set.of() : Set.of(new Network("net-" + name)),
                PeerConfig.ClusterMark.REQUIRED);
    }

    /** One cluster: a lab, its discovery, and a gateway that follows. */
    private final class Cluster implements AutoCloseable {
        private final String name;
        private final Path manifests;
        private final Optional<LabApiServer> lab;
        private final MeterRegistry meters = new SimpleMeterRegistry();
        private final DiscoveryMain discovery;
        private final ManagedChannel channel;
        private final CatalogClient gateway;

        private Cluster(String name, String yaml, List<PeerConfig> peers) {
            this.name = name;
            this.manifests = directory.resolve(name);
            this.lab = yaml.isEmpty() ? Optional.empty() : Optional.of(lab(yaml));
            this.discovery = DiscoveryMain.start(
                    config(peers),
                    mesh.credentials(name, "beringia-system", "discovery"),
                    new SpiffeVerifier(),
                    meters,
                    InstantSource.system());
            clusters.add(this);
            this.channel = Grpc.newChannelBuilder(
                            "127.0.0.1:" + discovery.xdsPort(),
                            mesh.tls(name, "beringia-system", "gateway").channel(id -> true))
                    .build();
            this.gateway = CatalogClient.start(
                    channel,
                    new CatalogClient.Subject(
                            "beringia-gateway~127.0.0.9~gw-0.beringia-system~beringia-system.svc.cluster.local",
                            Map.of(),
                            EnumSet.allOf(ResourceType.class),
                            Optional.empty()),
                    new Random(1),
                    new Unheard());
        }

        private LabApiServer lab(String yaml) {
            try {
                Files.createDirectory(manifests);
                write(yaml);
                LabApiServer api = LabApiServer.start(
                        new LabApiServer.Options(manifests, loopback(), Duration.ofMillis(20), List.of()),
                        InstantSource.system());
                Files.writeString(directory.resolve(name + ".kubeconfig"), api.kubeconfig());
                return api;
            } catch (IOException unwritable) {
                throw new UncheckedIOException(unwritable);
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
        }

        private static InetSocketAddress loopback() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        }

        private DiscoveryConfig config(List<PeerConfig> peers) {
            return new DiscoveryConfig(
                    new RegionId("region-" + name),
                    new ClusterId(name),
                    new Network("net-" + name),
                    TestMesh.TRUST_DOMAIN,
                    "cluster.local",
                    lab.map(api -> new DiscoveryConfig.Kube(directory.resolve(name + ".kubeconfig"), true)),
                    loopback(),
                    loopback(),
                    new DiscoveryConfig.Gateways(
                            new ServiceName("beringia-system", "gateway.beringia-system.svc.cluster.local"),
                            Set.of(TestMesh.id("beringia-system", "gateway")),
                            true),
                    new DiscoveryConfig.Exports(true, Set.of()),
                    peers,
                    Duration.ofSeconds(20));
        }

        /** In one step: an empty file between would mean that all is gone. */
        void write(String yaml) {
            try {
                Path next = Files.writeString(directory.resolve(name + ".next"), yaml);
                Files.move(next, manifests.resolve("shop.yaml"), StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException unwritable) {
                throw new UncheckedIOException(unwritable);
            }
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
                    peer.networks(),
                    peer.mark());
        }

        Catalog catalog() {
            return gateway.latest();
        }

        void awaitCatalog(String what, Predicate<Catalog> wanted) {
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(catalog()).as("%s of %s", what, name).matches(wanted));
        }

        @Override
        public void close() {
            gateway.close();
            channel.shutdownNow();
            discovery.close();
            lab.ifPresent(LabApiServer::close);
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
