package io.beringia.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.peering.PeerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A discovery that starts while nobody can be asked, and what its gateways are told then. */
final class DiscoverySurvivalTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SHOP_AND_CART = LabCluster.SHOP + LabCluster.CART_OF.formatted("true", "True");

    @TempDir
    private Path directory;

    private TestMesh mesh;
    private final List<LabCluster> clusters = new ArrayList<>();

    @BeforeEach
    void certificates() {
        mesh = new TestMesh(directory.resolve("ca"), "east", "west");
    }

    @AfterEach
    void end() {
        clusters.forEach(LabCluster::close);
    }

    @Test
    void a_start_without_api_and_peers_serves_what_an_earlier_life_knew_and_says_so() throws IOException {
        LabCluster east = start("east", SHOP_AND_CART, List.of(LabCluster.awaited("west")));
        LabCluster west = start("west", SHOP_AND_CART, List.of(east.asPeer()));
        west.awaitCatalog("of east", catalog -> capacity(catalog) > 0);
        east.close();
        west.close();
        assertThat(snapshots("west"))
                .as("one of the first whole view, one of the end")
                .hasSizeBetween(1, 3);

        LabCluster reborn = start("west", "", List.of(LabCluster.awaited("east")));

        reborn.awaitCatalog("of east, still", catalog -> capacity(catalog) > 0);
        assertThat(reborn.discovery().awaited()).isEmpty();
        assertThat(reborn.catalog().workloads()).containsKey("west//Pod/shop/cart-1");
        assertThat(freshness(reborn.catalog(), "east")).containsInstanceOf(Freshness.Stale.class);
        assertThat(freshness(reborn.catalog(), "west")).containsInstanceOf(Freshness.Stale.class);
        assertThat(reborn.meters().get("discovery.clusters.unheard").gauge().value())
                .as("east and our own")
                .isEqualTo(2);
    }

    @Test
    void a_peer_that_speaks_while_our_own_api_is_silent_takes_nothing_away_and_is_live() {
        LabCluster east = start("east", SHOP_AND_CART, List.of(LabCluster.awaited("west")));
        LabCluster west = start("west", SHOP_AND_CART, List.of(east.asPeer()));
        west.awaitCatalog("of east", catalog -> capacity(catalog) > 0);
        west.close();

        LabCluster reborn = start("west", "", List.of(east.asPeer()));

        reborn.awaitCatalog(
                "live",
                catalog -> freshness(catalog, "east")
                        .filter(Freshness.Live.class::isInstance)
                        .isPresent());
        assertThat(capacity(reborn.catalog())).isPositive();
        assertThat(reborn.meters()
                        .get("discovery.peer.services")
                        .tag("peer", "east")
                        .gauge()
                        .value())
                .as("cart and the probe, though our own API never said which namespaces we have")
                .isEqualTo(2);
        assertThat(reborn.meters().get("discovery.clusters.unheard").gauge().value())
                .as("our own only")
                .isEqualTo(1);
    }

    @Test
    void what_was_kept_is_replaced_by_what_our_api_says() {
        LabCluster west = start("west", SHOP_AND_CART, List.of());
        west.awaitCatalog("own", catalog -> catalog.workloads().containsKey("west//Pod/shop/cart-1"));
        west.close();

        LabCluster reborn = start("west", LabCluster.SHOP, List.of());

        reborn.awaitCatalog(
                "without cart",
                catalog -> catalog.workloads().containsKey("west//Pod/beringia-system/gw-0")
                        && !catalog.workloads().containsKey("west//Pod/shop/cart-1"));
        assertThat(freshness(reborn.catalog(), "west")).containsInstanceOf(Freshness.Live.class);
    }

    @Test
    void a_damaged_snapshot_is_counted_and_the_one_before_is_served() throws IOException {
        LabCluster west = start("west", SHOP_AND_CART, List.of());
        await().atMost(PATIENCE).until(() -> !snapshots("west").isEmpty());
        west.write(LabCluster.SHOP);
        west.awaitCatalog("without cart", catalog -> !catalog.workloads().containsKey("west//Pod/shop/cart-1"));
        west.close();
        Path newest = snapshots("west").getLast();
        byte[] bytes = Files.readAllBytes(newest);
        bytes[bytes.length - 20] ^= 1;
        Files.write(newest, bytes);

        LabCluster reborn = start("west", "", List.of());

        reborn.awaitCatalog("the older one", catalog -> catalog.workloads().containsKey("west//Pod/shop/cart-1"));
        assertThat(reborn.meters()
                        .get("discovery.snapshot.refused")
                        .tag("reason", "damaged")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void a_directory_that_cannot_be_written_stops_nothing() throws IOException {
        Files.writeString(directory.resolve("west-snapshots"), "not a directory");

        LabCluster west = start("west", SHOP_AND_CART, List.of());

        west.awaitCatalog("own", catalog -> catalog.workloads().containsKey("west//Pod/shop/cart-1"));
        assertThat(west.meters().get("discovery.snapshot.failed").counter().count())
                .isEqualTo(1);
    }

    private LabCluster start(String name, String yaml, List<PeerConfig> peers) {
        LabCluster cluster = LabCluster.keeping(directory, mesh, name, yaml, peers);
        clusters.add(cluster);
        return cluster;
    }

    private List<Path> snapshots(String name) throws IOException {
        Path kept = directory.resolve(name + "-snapshots");
        try (Stream<Path> files = Files.isDirectory(kept) ? Files.list(kept) : Stream.empty()) {
            return files.filter(file -> !file.toString().endsWith(".next"))
                    .sorted()
                    .toList();
        }
    }

    private static long capacity(Catalog catalog) {
        return Optional.ofNullable(catalog.relayTargets().get(LabCluster.CART.hostname())).stream()
                .flatMap(target -> target.parts().stream())
                .filter(part -> part.cluster().name().equals("east"))
                .mapToLong(part -> part.capacity())
                .sum();
    }

    private static Optional<Freshness> freshness(Catalog catalog, String cluster) {
        return Optional.ofNullable(catalog.clusters().get(new ClusterId(cluster)))
                .map(it -> it.freshness());
    }
}
