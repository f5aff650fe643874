package io.beringia.scenarios.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.failover.bench.FailoverBenchMain.Figure;
import io.beringia.failover.bench.FailoverBenchMain.Outcome;
import io.beringia.scenarios.drill.Summary;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class FailoverReportTest {
    private static final Outcome OUTCOME = new Outcome(
            List.of(
                    new Figure("next leader after kill -9, p50", "ms", 4_321.4, ""),
                    new Figure("next leader after kill -9, p99", "ms", 5_000, "<= 5500"),
                    new Figure("stale writes accepted, of 1000", "", 0, "0"),
                    new Figure("replays with the same bytes, of 2000", "", 1_999, "2000")),
            List.of("write: failed, no disk"));

    @Test
    void a_goal_stands_beside_what_all_its_drills_have_shown() {
        FailoverReport report = report(
                "{\"drill\": \"black-hole\", \"outcome\": \"SUCCEEDED\", \"faultAt\": 6000, \"committedAt\": 9400,"
                        + " \"detectionMs\": 1500, \"newConn\": {\"failed\": 0, \"addedP99Ms\": 200},"
                        + " \"requests\": {\"duplicated\": 0}}",
                "{\"drill\": \"black-hole\", \"outcome\": \"FAILED\", \"faultAt\": 6000, \"committedAt\": 9700,"
                        + " \"detectionMs\": 1900, \"newConn\": {\"failed\": 2, \"addedP99Ms\": 300},"
                        + " \"requests\": {\"duplicated\": 1}}");

        assertThat(rows(report))
                .contains(
                        "detect a black hole (path DOWN)|p50 1600 ms, p99 <= 2000 ms|p50 1500 ms, p99 1900 ms (of 2)",
                        "evacuation committed (quorum, fenced)|p99 <= 3700 ms|p50 3400 ms, p99 3700 ms (of 2)",
                        "new connections failed, by the relay|0|2 in 2 drills",
                        "time added to them|p99 <= 350 ms + 1 RTT|p50 200 ms, p99 300 ms (of 2)",
                        "requests served twice|0|1 in 2 drills");
    }

    @Test
    void what_was_not_measured_says_why_and_is_no_zero() {
        assertThat(rows(report()))
                .contains(
                        "detect a frozen process (path DOWN)|p99 <= 2000 ms|not measured here: as root, make drills of"
                                + " us-east-lost",
                        "identity mismatches|0|not measured here: as root, make drills",
                        "clean handover|<= 300 ms|not measured here: --only left it out, or it failed",
                        "fault to last failed, weights only|p99 <= 2500 ms|not measured here: every drill goes by the"
                                + " relay");
    }

    @Test
    void a_drill_that_was_broken_off_measures_nothing() {
        assertThat(rows(report(
                        "{\"drill\": \"black-hole\", \"outcome\": \"INVALID\", \"detectionMs\": 1}",
                        "{\"drill\": \"black-hole\", \"outcome\": \"INTERRUPTED\", \"detectionMs\": 1}")))
                .contains("detect a black hole (path DOWN)|p50 1600 ms, p99 <= 2000 ms|not measured here: as root, make"
                        + " drills of black-hole");
    }

    @Test
    void figures_of_the_bench_stand_beside_their_goals_and_below_with_units() {
        assertThat(rows(report()))
                .contains(
                        "leader killed to next decision|<= 5500 ms|p50 4321 ms, p99 5000 ms",
                        "stale-epoch writes accepted|0 of 10,000|0 of 1000",
                        "replay of the records|all|1999 of 2000");
        assertThat(report().table().lines())
                .contains(
                        "2 cores, a processor, Linux 6.1, Java 25",
                        "  next leader after kill -9, p99                             5000 ms     <= 5500",
                        "  note: write: failed, no disk");
    }

    @Test
    void whoever_reads_json_has_the_same() {
        assertThat(report().tree()).containsOnlyKeys("machine", "goals", "figures", "notes", "drills");
        assertThat(report().tree().get("figures")).isEqualTo(OUTCOME.figures());
        assertThat((List<?>) report().tree().get("goals")).hasSameSizeAs(FailoverGoal.LIST);
    }

    private static List<String> rows(FailoverReport report) {
        return report.table()
                .lines()
                .map(line -> line.strip().replaceAll(" {2,}", "|"))
                .toList();
    }

    private static FailoverReport report(String... verdicts) {
        List<JsonNode> read =
                Stream.of(verdicts).map(JsonMapper.shared()::readTree).toList();
        return new FailoverReport(new Machine(2, "a processor", "6.1", "25"), OUTCOME, new Summary(read));
    }
}
