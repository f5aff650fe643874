package io.beringia.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.beringia.discovery.apiserver.FakeControllers;
import io.beringia.discovery.apiserver.KubeApi;
import io.beringia.discovery.apiserver.KubeClusters;
import io.beringia.discovery.peering.PeerConfig;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Two clusters before the conformance suite of the Multi-Cluster Services API, which MCS_CONFORMANCE names: {@code conformance/} of
 * sigs.k8s.io/mcs-api, built by {@code go test -c}. Nothing runs in the pods, so what it asks from within them is left out, and
 * that a service which is not exported cannot be reached passes by that alone. Its
 * reports stay in {@code target/mcs-conformance}. REQUIRE_MCS_CONFORMANCE=1 forbids to skip.
 */
@Tag("kube")
final class KubeConformanceTest {
    /** Labels of the suite. */
    private static final String ASKED = "Required || ExportedLabels || (EndpointSlice && !DNS)";

    /** Three minutes on two quiet cores. */
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private static final Path REPORTS = Path.of("target", "mcs-conformance");

    @TempDir
    private Path directory;

    /** The newest first. */
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    @Test
    void what_is_required_and_exported_labels_and_slices_are_as_specified() throws Exception {
        String suite = suite();
        KubeClusters clusters = opened(KubeClusters.start(directory, "east", "west"));
        TestMesh mesh = new TestMesh(directory.resolve("ca"), "east", "west");
        LabCluster east = cluster(clusters, mesh, "east", List.of(LabCluster.awaited("west", "net")));
        LabCluster west = cluster(clusters, mesh, "west", List.of(east.asPeer()));

        play(suite, east.kubeconfig() + File.pathSeparator + west.kubeconfig());

        JsonNode report =
                YAMLMapper.shared().readTree(REPORTS.resolve("report.yaml").toFile());
        assertThat(report.path("suitefailure").asString("")).isEmpty();
        assertThat(asked(report))
                .allSatisfy(one -> assertThat(one.path("passed").asBoolean(false))
                        .as(
                                "%s%s",
                                one.path("desc").asString(""),
                                one.path("message").asString(""))
                        .isTrue());
        assertThat(asked(report)).as("asked").hasSize(17);
    }

    private static String suite() {
        String suite = Optional.ofNullable(System.getenv("MCS_CONFORMANCE")).orElse("");
        if (!suite.isEmpty()) {
            return Path.of(suite).toAbsolutePath().toString();
        }
        String why =
                "MCS_CONFORMANCE is not set (expected: the conformance suite of sigs.k8s.io/mcs-api, built by go test -c)";
        if ("1".equals(System.getenv("REQUIRE_MCS_CONFORMANCE"))) {
            throw new AssertionError("REQUIRE_MCS_CONFORMANCE=1, but " + why);
        }
        return abort(why + ": conformance not tried");
    }

    private <T extends AutoCloseable> T opened(T one) {
        open.addFirst(one);
        return one;
    }

    private LabCluster cluster(KubeClusters clusters, TestMesh mesh, String name, List<PeerConfig> peers) {
        KubeApi api = new KubeApi(clusters.server(name));
        api.hold(clusters.definitions() + LabCluster.SHOP);
        opened(FakeControllers.start(api.client(), name.equals("east") ? "10.1" : "10.2"));
        return opened(LabCluster.ofClusterset(api, directory, mesh, name, "net", peers));
    }

    private static void play(String suite, String kubeconfigs) throws Exception {
        Files.createDirectories(REPORTS);
        ProcessBuilder command = new ProcessBuilder(
                        suite,
                        "--contexts=east,west",
                        "--organization=Beringia",
                        "--project=beringia",
                        "--version=0.1.0",
                        "--ginkgo.label-filter=" + ASKED,
                        "--ginkgo.no-color",
                        "--ginkgo.v")
                .directory(REPORTS.toFile())
                .redirectErrorStream(true)
                .redirectOutput(REPORTS.resolve("log.txt").toFile());
        command.environment().put("KUBECONFIG", kubeconfigs);
        Process process = command.start();
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("the suite ends within %s", PATIENCE)
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<JsonNode> asked(JsonNode report) {
        return report.path("groups")
                .valueStream()
                .flatMap(group -> group.path("tests").valueStream())
                .filter(one -> !one.path("skipped").asBoolean(false))
                .toList();
    }
}
