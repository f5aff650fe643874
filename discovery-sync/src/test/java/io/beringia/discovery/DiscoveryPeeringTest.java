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
import io.beringia.discovery.guard.SignsOfLife;
import io.beringia.discovery.peering.PeerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Discoveries of several clusters, each over a lab's API, and what the gateways of one are told of the others. */
final class DiscoveryPeeringTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ServiceName PROBE =
            new ServiceName("beringia-system", "beringia-probe.beringia-system.svc.cluster.local");

    private static final String PEER_CLUSTER = """
            ---
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: peerclusters.beringia.io}
            spec: {versions: [{name: v1alpha1}]}
            ---
            apiVersion: beringia.io/v1alpha1
            kind: PeerCluster
            metadata: {name: east}
            spec: {stalePolicy: depreference}
            """;
    private static final String POLICIES = """
            ---
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: exportpolicies.beringia.io}
            spec: {versions: [{name: v1alpha1}]}
            """;
    private static final String POLICY = """
            ---
            apiVersion: beringia.io/v1alpha1
            kind: ExportPolicy
            metadata: {name: cart, namespace: shop}
            spec:
              services: {names: [cart]}
              consumers: [{cluster: %s}]
              clients: ['spiffe://mesh.example/ns/shop/sa/web']
            """;

    @TempDir
    private Path directory;

    private TestMesh mesh;
    private final List<LabCluster> clusters = new ArrayList<>();

    @BeforeEach
    void certificates() {
        mesh = new TestMesh(directory.resolve("ca"), "east", "west", "north", "witness");
    }

    @AfterEach
    void end() {
        clusters.forEach(LabCluster::close);
    }

    @Test
    void a_service_exported_in_one_cluster_is_in_the_others_catalog_until_it_is_not() {
        LabCluster east = start(
                "east",
                LabCluster.SHOP + LabCluster.CART_OF.formatted("true", "True"),
                List.of(LabCluster.awaited("west")));
        LabCluster west = start("west", LabCluster.SHOP, List.of(east.asPeer()));

        west.awaitCatalog("ready", catalog -> capacity(catalog, "east") > 0);
        west.awaitCatalog(
                "live",
                catalog -> cluster(catalog, "east")
                        .filter(state -> state.freshness() instanceof Freshness.Live)
                        .isPresent());
        ClusterState seen = cluster(west.catalog(), "east").orElseThrow();
        assertThat(seen.gateways()).singleElement().hasFieldOrPropertyWithValue("name", "gw-0");
        east.awaitCatalog(
                "who may call",
                catalog -> Optional.ofNullable(catalog.exported().get(LabCluster.CART.hostname()))
                        .map(ExportedAuthority::consumers)
                        .equals(Optional.of(Set.of(new ClusterId("west")))));

        east.write(LabCluster.SHOP + LabCluster.CART_OF.formatted("true", "False"));
        west.awaitCatalog("unready", catalog -> target(catalog).isPresent() && capacity(catalog, "east") == 0);

        east.write(LabCluster.SHOP + LabCluster.CART_OF.formatted("false", "True"));
        west.awaitCatalog("unexported", catalog -> target(catalog).isEmpty());
    }

    @Test
    void a_policy_says_who_is_told_of_a_service_and_which_of_their_clients_gateways_let_in() {
        String shop = LabCluster.SHOP + LabCluster.CART_OF.formatted("true", "True") + POLICIES;
        LabCluster east = start(
                "east",
                shop + POLICY.formatted("west"),
                List.of(LabCluster.awaited("west"), LabCluster.awaited("witness")));
        LabCluster west = start("west", LabCluster.SHOP, List.of(east.asPeer()));

        west.awaitCatalog("told", catalog -> capacity(catalog, "east") > 0);
        east.awaitCatalog(
                "enforced",
                catalog -> Optional.ofNullable(catalog.exported().get(LabCluster.CART.hostname()))
                        .equals(Optional.of(new ExportedAuthority(
                                LabCluster.CART,
                                Set.of(80),
                                Set.of(new ClusterId("west")),
                                Set.of(TestMesh.id("shop", "web"))))));

        east.write(shop + POLICY.formatted("witness"));
        west.awaitCatalog("not for us", catalog -> target(catalog).isEmpty());

        east.write(shop + POLICY.formatted("WEST"));
        east.awaitCatalog("refused", catalog -> !catalog.exported().containsKey(LabCluster.CART.hostname()));
        assertThat(east.meters()
                        .get("discovery.exports.policies")
                        .tag("standing", "refused")
                        .gauge()
                        .value())
                .isEqualTo(1);
    }

    @Test
    void a_lost_peer_keeps_its_services_and_is_stale() {
        LabCluster east = start(
                "east",
                LabCluster.SHOP + LabCluster.CART_OF.formatted("true", "True"),
                List.of(LabCluster.awaited("west")));
        LabCluster west = start("west", LabCluster.SHOP, List.of(east.asPeer()));
        west.awaitCatalog("ready", catalog -> capacity(catalog, "east") > 0);

        east.close();
        west.advance(Duration.ofSeconds(10));

        west.awaitCatalog(
                "stale",
                catalog -> cluster(catalog, "east")
                        .filter(state -> state.freshness() instanceof Freshness.Stale)
                        .isPresent());
        assertThat(capacity(west.catalog(), "east")).as("what it had").isPositive();
    }

    @Test
    void of_a_cluster_without_a_sign_of_life_is_told_what_its_object_or_else_the_configuration_wants() {
        String exporting = LabCluster.SHOP + LabCluster.CART_OF.formatted("true", "True");
        LabCluster east = start("east", exporting, List.of(LabCluster.awaited("north")));
        LabCluster west = start("west", exporting, List.of(LabCluster.awaited("north")));
        LabCluster north = LabCluster.dropping(
                directory, mesh, "north", LabCluster.SHOP + PEER_CLUSTER, List.of(east.asPeer(), west.asPeer()));
        clusters.add(north);
        north.awaitCatalog("both", catalog -> capacity(catalog, "east") > 0 && capacity(catalog, "west") > 0);

        east.close();
        north.advance(SignsOfLife.LEASE);

        north.awaitCatalog("behind all others, by its PeerCluster", catalog -> capacity(catalog, "east") == 10);
        north.write(LabCluster.SHOP);
        north.awaitCatalog("nothing, by the configuration", catalog -> capacity(catalog, "east") == 0);
        assertThat(capacity(north.catalog(), "west")).as("who speaks").isPositive();
        assertThat(target(north.catalog()).orElseThrow().parts())
                .as("nothing is removed")
                .hasSize(2);
        assertThat(north.meters().get("discovery.clusters.silent").gauge().value())
                .isEqualTo(1);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(north.meters()
                                .get("discovery.clusters.overdue")
                                .gauge()
                                .value())
                        .as("not west, as soon as it has spoken since the clock was put forward")
                        .isEqualTo(1));
    }

    @Test
    void three_clusters_are_one_and_the_same_service_of_two_of_them_is_one() {
        LabCluster east = start(
                "east",
                LabCluster.SHOP + LabCluster.CART_OF.formatted("true", "True"),
                List.of(LabCluster.awaited("west"), LabCluster.awaited("north")));
        LabCluster west = start(
                "west",
                LabCluster.SHOP + LabCluster.CART_OF.formatted("true", "True"),
                List.of(east.asPeer(), LabCluster.awaited("north")));
        LabCluster north = start("north", LabCluster.SHOP, List.of(east.asPeer(), west.asPeer()));

        north.awaitCatalog("both", catalog -> capacity(catalog, "east") > 0 && capacity(catalog, "west") > 0);
        east.awaitCatalog("the other", catalog -> capacity(catalog, "west") > 0);
    }

    @Test
    void a_witness_takes_the_probe_and_is_heard() {
        LabCluster east = start(
                "east",
                LabCluster.SHOP + LabCluster.CART_OF.formatted("true", "True"),
                List.of(LabCluster.awaited("witness")));
        LabCluster witness = start("witness", "", List.of(east.asPeer()));

        await().atMost(PATIENCE).until(() -> east.discovery().heard().containsKey(new RegionId("region-witness")));
        await().atMost(PATIENCE).until(() -> witness.discovery().heard().containsKey(new RegionId("region-east")));
        assertThat(east.discovery().awaited()).as("a witness exports nothing").isEmpty();
        witness.awaitCatalog("probe", catalog -> catalog.relayTargets().containsKey(PROBE.hostname()));
        assertThat(witness.catalog().relayTargets()).hasSize(1);
    }

    @Test
    void a_network_that_the_operator_did_not_list_is_refused_and_counted() {
        LabCluster east = start(
                "east",
                LabCluster.SHOP + LabCluster.CART_OF.formatted("true", "True"),
                List.of(LabCluster.awaited("west")));
        PeerConfig listed = east.asPeer();
        LabCluster west = start(
                "west",
                LabCluster.SHOP,
                List.of(new PeerConfig(
                        listed.cluster(),
                        listed.region(),
                        listed.trustDomain(),
                        listed.identities(),
                        listed.addresses(),
                        Set.of(new Network("net-other")),
                        listed.mark())));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(west.meters()
                                .find("discovery.peer.rejected")
                                .tag("reason", "unlisted-network")
                                .counters())
                        .isNotEmpty());
        assertThat(cluster(west.catalog(), "east")).isEmpty();
    }

    private LabCluster start(String name, String yaml, List<PeerConfig> peers) {
        LabCluster cluster = new LabCluster(directory, mesh, name, yaml, peers, Optional.empty());
        clusters.add(cluster);
        return cluster;
    }

    private static Optional<RelayTarget> target(Catalog catalog) {
        return Optional.ofNullable(catalog.relayTargets().get(LabCluster.CART.hostname()));
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
}
