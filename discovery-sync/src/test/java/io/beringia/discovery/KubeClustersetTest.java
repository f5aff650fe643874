package io.beringia.discovery;

import io.beringia.discovery.apiserver.KubeApi;
import io.beringia.discovery.apiserver.KubeClusters;
import io.beringia.discovery.apiserver.TestApi;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Over real API servers, with the definitions that the Multi-Cluster Services API releases. */
@Tag("kube")
final class KubeClustersetTest extends ClustersetScenario {
    @TempDir
    private Path servers;

    @AutoClose
    private KubeClusters clusters;

    @BeforeEach
    void start() {
        clusters = KubeClusters.start(servers, "east", "west");
    }

    @Override
    TestApi api(String cluster) {
        return new KubeApi(clusters.server(cluster));
    }

    @Override
    String definitions() {
        return clusters.definitions();
    }
}
