package io.beringia.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.apiserver.Etcd;
import io.beringia.discovery.apiserver.KubeApi;
import io.beringia.discovery.apiserver.KubeApiServer;
import io.beringia.discovery.apiserver.KubeClusters;
import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.peering.PeerConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Discoveries of two clusters, each over a real API server, and what happens to those. */
@Tag("kube")
final class KubeFederationTest {
    private static final String EXPORTED = LabCluster.SHOP + LabCluster.CART_OF.formatted("true", "True");
    private static final String UNREADY = LabCluster.SHOP + LabCluster.CART_OF.formatted("true", "False");

    @TempDir
    private Path directory;

    @AutoClose
    private KubeClusters clusters;

    private final List<LabCluster> discoveries = new ArrayList<>();
    private LabCluster east;
    private LabCluster west;

    /** Whether the west ever had nothing of the east to send to, once it had something. */
    private final AtomicBoolean lost = new AtomicBoolean();

    @BeforeEach
    void start() {
        clusters = KubeClusters.start(directory, "east", "west");
        TestMesh mesh = new TestMesh(directory.resolve("ca"), "east", "west");
        east = discovery(mesh, "east", EXPORTED, List.of(LabCluster.awaited("west")));
        west = discovery(mesh, "west", LabCluster.SHOP, List.of(east.asPeer()));
        west.awaitCatalog("ready", catalog -> capacity(catalog) > 0);
    }

    private LabCluster discovery(TestMesh mesh, String name, String yaml, List<PeerConfig> peers) {
        KubeApi api = new KubeApi(clusters.server(name));
        api.hold(yaml);
        LabCluster discovery = LabCluster.over(api, directory, mesh, name, peers);
        discoveries.add(discovery);
        return discovery;
    }

    @AfterEach
    void end() {
        discoveries.forEach(LabCluster::close);
    }

    @Test
    void an_exported_service_is_in_the_others_catalog_until_it_is_not() {
        east.write(UNREADY);
        west.awaitCatalog("unready", catalog -> target(catalog).isPresent() && capacity(catalog) == 0);

        east.write(EXPORTED);
        west.awaitCatalog("ready", catalog -> capacity(catalog) > 0);

        east.write(LabCluster.SHOP + LabCluster.CART_OF.formatted("false", "True"));
        west.awaitCatalog("unexported", catalog -> target(catalog).isEmpty());
    }

    @Test
    void an_api_that_stands_still_or_dies_is_stale_and_nothing_is_lost() {
        KubeApiServer api = clusters.server("east");
        watchForLoss();

        api.freeze();
        west.awaitCatalog("frozen", KubeFederationTest::isEastStale);
        api.thaw();
        west.awaitCatalog("thawed", KubeFederationTest::isEastLive);

        api.kill();
        west.awaitCatalog("dead", KubeFederationTest::isEastStale);
        api.restart();
        west.awaitCatalog("back", KubeFederationTest::isEastLive);

        assertThat(lost).as("anything was gone for a moment").isFalse();
        east.write(UNREADY);
        west.awaitCatalog("unready", catalog -> target(catalog).isPresent() && capacity(catalog) == 0);
    }

    @Test
    void a_history_that_was_compacted_meanwhile_is_listed_again() {
        KubeApiServer api = clusters.server("east");
        watchForLoss();

        api.kill();
        try (KubeApiServer replica = clusters.replica("east")) {
            KubeApi other = new KubeApi(replica);
            other.hold(UNREADY);
            other.hold(EXPORTED.replace("podIP: 10.1.0.1", "podIP: 10.1.0.7"));
        }
        clusters.etcd().compact();
        api.restart();

        east.awaitCatalog("moved", catalog -> catalog.workloads().toString().contains("10.1.0.7"));
        west.awaitCatalog("back", KubeFederationTest::isEastLive);
        assertThat(lost).as("anything was gone for a moment").isFalse();
    }

    @Test
    void a_restored_etcd_is_followed_although_its_versions_are_smaller() {
        KubeApiServer api = clusters.server("east");
        api.kill();
        Etcd.Backup backup = clusters.etcd().backup();
        api.restart();
        for (int write = 0; write < 40; write++) {
            east.write(EXPORTED.replace("labels: {app: cart}", "labels: {app: cart, write: w" + write + "}"));
        }
        west.awaitCatalog("before", KubeFederationTest::isEastLive);
        watchForLoss();
        long newest = clusters.etcd().revision();

        api.kill();
        clusters.server("west").kill();
        clusters.etcd().restore(backup);
        assertThat(clusters.etcd().revision()).as("restored").isLessThan(newest);
        api.restart();
        clusters.server("west").restart();
        west.awaitCatalog("back", KubeFederationTest::isEastLive);
        assertThat(lost).as("anything was gone for a moment").isFalse();

        east.write(UNREADY);
        west.awaitCatalog("unready", catalog -> target(catalog).isPresent() && capacity(catalog) == 0);
    }

    private void watchForLoss() {
        west.onCatalog(catalog -> {
            if (capacity(catalog) == 0) {
                lost.set(true);
            }
        });
    }

    private static boolean isEastLive(Catalog catalog) {
        return isEast(catalog, Freshness.Live.class);
    }

    private static boolean isEastStale(Catalog catalog) {
        return isEast(catalog, Freshness.Stale.class);
    }

    private static boolean isEast(Catalog catalog, Class<? extends Freshness> how) {
        return Optional.ofNullable(catalog.clusters().get(new ClusterId("east")))
                .filter(east -> how.isInstance(east.freshness()))
                .isPresent();
    }

    private static Optional<RelayTarget> target(Catalog catalog) {
        return Optional.ofNullable(catalog.relayTargets().get(LabCluster.CART.hostname()));
    }

    private static long capacity(Catalog catalog) {
        return target(catalog).stream()
                .flatMap(target -> target.parts().stream())
                .filter(part -> part.cluster().name().equals("east"))
                .mapToLong(RelayTarget.Part::capacity)
                .sum();
    }
}
