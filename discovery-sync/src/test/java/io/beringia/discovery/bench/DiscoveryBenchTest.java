package io.beringia.discovery.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.TestMesh;
import io.beringia.discovery.bench.DiscoveryBenchMain.Figure;
import io.beringia.discovery.bench.DiscoveryBenchMain.Outcome;
import io.beringia.discovery.bench.DiscoveryBenchMain.Plan;
import io.beringia.discovery.bench.DiscoveryBenchMain.Scale;
import io.beringia.trust.identity.Credentials;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every measure, small enough for a build. How long anything took is not judged. */
final class DiscoveryBenchTest {
    private static final Scale SMALL = new Scale(3, 4, 5, 2, 3, 6, 10_000);

    @TempDir
    private Path directory;

    private final Map<String, Credentials> issued = new HashMap<>();

    @Test
    void every_measure_has_its_figures_and_nothing_fails() throws Exception {
        List<String> steps = new ArrayList<>();

        Outcome outcome = run("", steps);

        assertThat(outcome.notes()).isEmpty();
        assertThat(steps).containsExactly("merge", "heap", "reconnect", "change", "mesh", "clients");
        assertThat(outcome.figures())
                .extracting(Figure::name)
                .containsExactly(
                        "merge of 3 clusters, 60 endpoints",
                        "heap of a remote endpoint, of 10000",
                        "unchanged reconnect, 6 services",
                        "unchanged reconnect, 6 services",
                        "first transfer, 6 services",
                        "change with 2 clusters, p50",
                        "change with 2 clusters, p99",
                        "change with 2 clusters, worst",
                        "cold start, 3 clusters, 60 endpoints",
                        "change with 3 clusters, p50",
                        "change with 3 clusters, p99",
                        "change with 3 clusters, worst",
                        "blackout start",
                        "change at 3 clients, p50",
                        "change at 3 clients, p99",
                        "change at 3 clients, worst",
                        "reconnect of 3 clients",
                        "reconnect of 3 clients, resources sent to each");
        assertThat(outcome.figures())
                .filteredOn(figure -> !figure.name().startsWith("heap")) // other tests share it
                .allSatisfy(
                        figure -> assertThat(figure.value()).as(figure.name()).isPositive());
    }

    @Test
    void only_what_is_wanted_is_measured() throws Exception {
        List<String> steps = new ArrayList<>();

        assertThat(run("mer,xyz", steps).figures()).hasSize(1);
        assertThat(steps).containsExactly("merge");
    }

    private Outcome run(String only, List<String> steps) throws Exception {
        TestMesh mesh = new TestMesh(directory.resolve("ca"), "source", "consumer", "peer-0");
        return DiscoveryBenchMain.run(new Plan(
                Files.createDirectory(directory.resolve("run")),
                SMALL,
                only,
                (cluster, account) -> issued.computeIfAbsent(
                        cluster + "/" + account, one -> mesh.credentials(cluster, "beringia-system", account)),
                steps::add));
    }
}
