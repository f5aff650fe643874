package io.beringia.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.cli.ReplayCommand;
import io.beringia.failover.decision.FailoverPolicy;
import io.beringia.failover.decision.FailoverTiming;
import io.beringia.failover.decision.Fence;
import io.beringia.failover.decision.Inputs;
import io.beringia.failover.decision.Memory;
import io.beringia.failover.decision.PlanRules;
import io.beringia.failover.decision.Question;
import io.beringia.failover.health.Sites;
import io.beringia.failover.record.DecisionBasis;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.ledger.Ledger;
import io.beringia.trust.ledger.LedgerConfig;
import io.beringia.trust.ledger.LedgerEvents;
import io.beringia.trust.ledger.LedgerMode;
import io.beringia.trust.ledger.Traffic;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class ReplayCommandTest {
    private static final SpiffeId LEADER = SpiffeId.parse("spiffe://cluster.local/ns/beringia/sa/failover");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final RegionId EAST = new RegionId("us-east");
    private static final RegionId WEST = new RegionId("us-west");
    private static final FailoverPolicy POLICY = FailoverPolicy.of(
            new Sites(List.of(EAST, WEST), List.of(new RegionId("witness"))), FailoverTiming.STANDARD);

    @TempDir
    private Path dir;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void what_was_decided_comes_out_again() throws Exception {
        TrafficPlan first = PlanRules.first("test", POLICY, LEADER, NOW);
        record(first, stamped(first, 1));
        assertThat(run("--log", dir.toString())).isZero();
        assertThat(out.toString()).isEqualTo("7.1  same  test" + System.lineSeparator());
    }

    @Test
    void a_plan_that_does_not_follow_from_its_record_is_found() throws Exception {
        TrafficPlan first = PlanRules.first("test", POLICY, LEADER, NOW);
        FailoverPolicy alone = FailoverPolicy.of(new Sites(List.of(EAST), List.of()), FailoverTiming.STANDARD);
        record(first, stamped(first, 1));
        record(first, stamped(PlanRules.first("test", alone, LEADER, NOW), 2));

        assertThat(run("--log", dir.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("7.1  same", "7.2  different");
        assertThat(run("--log", dir.toString(), "--decision", "7/1")).isZero();
    }

    @Test
    void nothing_to_replay_is_a_failure_and_nonsense_is_asked_wrongly() throws Exception {
        TrafficPlan first = PlanRules.first("test", POLICY, LEADER, NOW);
        record(first, stamped(first, 1));
        assertThat(run("--log", dir.toString(), "--decision", "7/9")).isEqualTo(1);
        assertThat(err.toString()).contains("no decision in");
        assertThat(run("--log", dir.toString(), "--decision", "seven")).isEqualTo(2);
        assertThat(err.toString()).contains("\"seven\" (expected: EPOCH/SEQ)");
    }

    private static TrafficPlan stamped(TrafficPlan plan, long seq) {
        return PlanRules.stamped(plan, new PlanVersion(7, seq), LEADER, NOW.plus(Duration.ofMillis(3)));
    }

    private void record(TrafficPlan before, TrafficPlan written) throws Exception {
        Ledger ledger = Ledger.open(
                new LedgerConfig(dir, "cluster.local/beringia/lab/failover", LedgerMode.STRICT),
                LedgerEvents.NONE,
                () -> Traffic.NONE,
                InstantSource.system());
        Inputs inputs = new Inputs(before, PlanVersion.NONE, List.of(), Memory.fresh(NOW), Fence.NONE, POLICY, NOW);
        new DecisionLedger(ledger, LedgerMode.STRICT, System::nanoTime)
                .record(
                        written,
                        new Cause(Optional.empty(), "test"),
                        new DecisionBasis(inputs, new Question.TakeOver()));
        ledger.close();
    }

    private int run(String... args) {
        out.getBuffer().setLength(0);
        return new CommandLine(new ReplayCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }
}
