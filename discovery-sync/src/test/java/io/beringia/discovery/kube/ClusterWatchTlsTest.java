package io.beringia.discovery.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.apiserver.LabApi;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Network;
import io.beringia.trust.identity.TrustDomain;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A watch of an API behind TLS. */
final class ClusterWatchTlsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ClusterId EAST = new ClusterId("us-east");
    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: cart-1, namespace: shop}
            status: {phase: Running, podIP: 10.1.0.1, conditions: [{type: Ready, status: "True"}]}
            """;

    @TempDir
    private Path directory;

    private final List<ClusterNews> news = new CopyOnWriteArrayList<>();

    @Test
    void an_api_whose_certificate_expires_is_stale_and_loses_nothing_until_it_has_a_new_one() throws Exception {
        try (LabApi api = LabApi.start(Files.createDirectory(directory.resolve("manifests")), POD);
                TlsDoor door = new TlsDoor(directory, api.lab().uri());
                ClusterWatch _ = follow(door)) {
            await().atMost(PATIENCE).until(() -> isTold("10.1.0.1"));
            int before = news.size();

            door.expire();
            await().atMost(PATIENCE).until(() -> news.contains(new ClusterNews.ClusterStale(EAST)));
            api.hold(POD.replace("10.1.0.1", "10.1.0.2"));
            await().during(Duration.ofSeconds(2))
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(news).last().isEqualTo(new ClusterNews.ClusterStale(EAST)));
            door.renew();
            await().atMost(PATIENCE).until(() -> isTold("10.1.0.2"));
            await().atMost(PATIENCE).until(() -> news.contains(new ClusterNews.ClusterLive(EAST)));

            assertThat(news.subList(before, news.size()).stream()
                            .filter(ClusterNews.PartChanged.class::isInstance)
                            .map(part -> ((ClusterNews.PartChanged) part).part().workloads()))
                    .as("never less than one pod")
                    .allSatisfy(pods -> assertThat(pods).hasSize(1));
        }
    }

    private ClusterWatch follow(TlsDoor door) throws Exception {
        return ClusterWatch.start(
                new Kubeconfig(door.uri(), door.authority(), "", "", ""),
                new LocalCluster(
                        EAST,
                        new Network("net-east"),
                        new TrustDomain("cluster.local"),
                        "cluster.local",
                        "istio-system"),
                new ClusterWatch.Liveness(Duration.ofMillis(50), Duration.ofMillis(500), Duration.ofMinutes(3)),
                InstantSource.system(),
                news::add);
    }

    private boolean isTold(String ip) {
        return news.reversed().stream()
                .filter(ClusterNews.PartChanged.class::isInstance)
                .limit(1)
                .map(part -> ((ClusterNews.PartChanged) part).part().workloads().toString())
                .anyMatch(pods -> pods.contains(ip));
    }
}
