package io.beringia.scenarios.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.bench.TrustBenchMain;
import io.beringia.trust.bench.TrustBenchMain.Sample;
import io.beringia.trust.bench.TrustBenchMain.Scale;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrustReportTest {
    private static final Machine MACHINE = new Machine(2, "a processor", "6.1", "25");

    @Test
    void ours_stands_beside_the_jdks_of_the_same_round_with_its_goal() {
        TrustReport report = new TrustReport(
                MACHINE,
                List.of(
                        new Sample("verdict", "CPU us", true, "<= 100", TrustBenchMain.OURS, 80),
                        new Sample("verdict", "CPU us", true, "<= 100", TrustBenchMain.JDK, 400),
                        new Sample("records", "1/s", false, "", TrustBenchMain.OURS, 50_000)));

        assertThat(report.table().lines())
                .contains("2 cores, a processor, Linux 6.1, Java 25", "  note: goal of verdict: <= 100 CPU us")
                .anyMatch(line -> line.matches(" +verdict +CPU us +80\\.0 +400 \\[x5\\.00 5\\.00\\.\\.5\\.00]"))
                .anyMatch(line -> line.matches(" +records +1/s +50000 +-"));
        assertThat(report.tree()).containsKeys("machine", "figures", "notes");
    }

    @Test
    void every_measure_measures(@TempDir Path directory) throws Exception {
        List<Sample> samples =
                TrustBenchMain.run(new TrustBenchMain.Plan(directory, new Scale(1, 20, 40, 1, 5), "", step -> {}));

        assertThat(samples)
                .allSatisfy(
                        sample -> assertThat(sample.value()).as(sample.figure()).isPositive());
        assertThat(samples.stream().map(Sample::figure).distinct())
                .contains(
                        "leaves issued, with proof",
                        "40 leaves issued again",
                        "verdict on a new chain",
                        "verdict on a known chain",
                        "records, as fast as they last",
                        "strict entry, p99");
    }
}
