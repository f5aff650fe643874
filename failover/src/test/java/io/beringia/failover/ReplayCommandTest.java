package io.beringia.failover;

import static io.beringia.failover.RecordedDecisions.EAST;
import static io.beringia.failover.RecordedDecisions.FIRST;
import static io.beringia.failover.RecordedDecisions.LEADER;
import static io.beringia.failover.RecordedDecisions.NOW;
import static io.beringia.failover.RecordedDecisions.stamped;
import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.cli.ReplayCommand;
import io.beringia.failover.decision.FailoverPolicy;
import io.beringia.failover.decision.FailoverTiming;
import io.beringia.failover.decision.Fence;
import io.beringia.failover.decision.PlanRules;
import io.beringia.failover.health.Sites;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class ReplayCommandTest {
    @TempDir
    private Path dir;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void what_was_decided_comes_out_again() throws Exception {
        record(stamped(FIRST, 1));
        assertThat(run("--log", dir.toString())).isZero();
        assertThat(out.toString()).isEqualTo("7.1  same  test" + System.lineSeparator());
    }

    @Test
    void a_plan_that_does_not_follow_from_its_record_is_found() throws Exception {
        FailoverPolicy alone = FailoverPolicy.of(new Sites(List.of(EAST), List.of()), FailoverTiming.STANDARD);
        record(stamped(FIRST, 1));
        record(stamped(PlanRules.first("test", alone, LEADER, NOW), 2));

        assertThat(run("--log", dir.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("7.1  same", "7.2  different");
        assertThat(run("--log", dir.toString(), "--decision", "7/1")).isZero();
    }

    @Test
    void nothing_to_replay_is_a_failure_and_nonsense_is_asked_wrongly() throws Exception {
        record(stamped(FIRST, 1));
        assertThat(run("--log", dir.toString(), "--decision", "7/9")).isEqualTo(1);
        assertThat(err.toString()).contains("no decision in");
        assertThat(run("--log", dir.toString(), "--decision", "seven")).isEqualTo(2);
        assertThat(err.toString()).contains("\"seven\" (expected: EPOCH/SEQ)");
    }

    private void record(TrafficPlan written) throws Exception {
        new RecordedDecisions(dir).record(Fence.NONE, written);
    }

    private int run(String... args) {
        out.getBuffer().setLength(0);
        return new CommandLine(new ReplayCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }
}
