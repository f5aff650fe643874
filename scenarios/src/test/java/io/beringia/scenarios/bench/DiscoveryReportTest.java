package io.beringia.scenarios.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.bench.DiscoveryBenchMain.Figure;
import io.beringia.discovery.bench.DiscoveryBenchMain.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DiscoveryReportTest {
    private final DiscoveryReport report = new DiscoveryReport(
            new Machine(2, "a processor", "6.1", "25"),
            new Outcome(
                    List.of(
                            new Figure("change with 2 clusters, p99", "ms", 12.345, "< 100"),
                            new Figure("blackout start", "s", 0.678, "")),
                    List.of("mesh: failed, too little memory")));

    @Test
    void a_figure_stands_beside_its_goal() {
        assertThat(report.table().lines())
                .contains(
                        "2 cores, a processor, Linux 6.1, Java 25",
                        "  change with 2 clusters, p99                              12.3 ms     < 100",
                        "  blackout start                                           0.68 s",
                        "  note: mesh: failed, too little memory");
    }

    @Test
    void whoever_reads_json_has_the_same() {
        assertThat(report.tree()).containsOnlyKeys("machine", "figures", "notes");
        assertThat(report.tree().get("figures")).isEqualTo(report.outcome().figures());
    }
}
