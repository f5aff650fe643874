package io.beringia.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.LedgerRef;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionPlan;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.DecisionRecord.Outcome;
import io.beringia.failover.cli.ReplayCommand;
import io.beringia.failover.decision.FailoverPolicy;
import io.beringia.failover.decision.FailoverTiming;
import io.beringia.failover.decision.Fence;
import io.beringia.failover.decision.Inputs;
import io.beringia.failover.decision.Memory;
import io.beringia.failover.decision.Question;
import io.beringia.failover.health.Sites;
import io.beringia.failover.record.DecisionBasis;
import io.beringia.failover.record.DecisionFile;
import io.beringia.failover.record.DecisionParts;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.ledger.EntryKind;
import io.beringia.trust.ledger.Field;
import io.beringia.trust.ledger.Ledger;
import io.beringia.trust.ledger.LedgerConfig;
import io.beringia.trust.ledger.LedgerEntry;
import io.beringia.trust.ledger.LedgerEvent;
import io.beringia.trust.ledger.LedgerEvents;
import io.beringia.trust.ledger.LedgerMode;
import io.beringia.trust.ledger.LedgerProof;
import io.beringia.trust.ledger.LedgerProver;
import io.beringia.trust.ledger.Traffic;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class DecisionLedgerTest {
    private static final SpiffeId LEADER = SpiffeId.parse("spiffe://cluster.local/ns/beringia/sa/failover");
    private static final SpiffeId ALICE = SpiffeId.parse("spiffe://cluster.local/ns/ops/sa/alice");
    private static final Cause SILENCE = new Cause(Optional.empty(), "us-east is silent");
    private static final Cause COMMAND = new Cause(Optional.of(ALICE), "drain/us-east: maintenance");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);
    private static final int PLANS_PER_FILE_MAX = 500;

    @TempDir
    private Path dir;

    private final AtomicLong nanos = new AtomicLong();

    private Ledger open(LedgerMode mode) {
        return Ledger.open(
                new LedgerConfig(dir, "cluster.local/beringia/lab/failover", mode),
                LedgerEvents.NONE,
                () -> Traffic.NONE,
                InstantSource.system());
    }

    /** Nothing had been seen, and the plan stays what it is. */
    private static DecisionBasis basis(TrafficPlan plan) {
        Sites sites = new Sites(List.of(new RegionId("us-east")), List.of());
        Inputs inputs = new Inputs(
                plan,
                PlanVersion.NONE,
                List.of(),
                Memory.fresh(NOW),
                Fence.NONE,
                FailoverPolicy.of(sites, FailoverTiming.STANDARD),
                NOW);
        return new DecisionBasis(inputs, new Question.TakeOver());
    }

    private DecisionLedger record(Ledger ledger, LedgerMode mode) {
        return new DecisionLedger(ledger, mode, nanos::get);
    }

    @Test
    void what_was_decided_by_whom_and_why_is_found_again_at_the_place_that_the_plan_names() throws Exception {
        Ledger ledger = open(LedgerMode.STRICT);
        DecisionLedger record = record(ledger, LedgerMode.STRICT);
        LedgerRef decided = where(record.record(plan(1, 2), SILENCE, basis(plan(1, 2))));
        LedgerRef commanded = where(record.record(plan(2, 2), COMMAND, basis(plan(2, 2))));
        ledger.close();

        LedgerEntry first = entry(ledger, decided);
        assertThat(first.kind()).contains(EntryKind.FAILOVER_DECISION);
        assertThat(first.number(Field.EPOCH)).contains(7L);
        assertThat(first.number(Field.DECISION_SEQ)).contains(1L);
        assertThat(first.text(Field.ACTOR)).contains(LEADER.toString());
        assertThat(first.text(Field.REASON)).contains("us-east is silent");
        DecisionFile kept = DecisionFile.read(first.octets(Field.PAYLOAD).orElseThrow());
        assertThat(kept).isEqualTo(new DecisionFile(basis(plan(1, 2)), plan(1, 2)));
        assertThat(kept.isReproduced()).isTrue();
        LedgerEntry second = entry(ledger, commanded);
        assertThat(second.kind()).contains(EntryKind.FAILOVER_OVERRIDE);
        assertThat(second.text(Field.ACTOR)).contains(ALICE.toString());
    }

    @Test
    void a_decision_too_large_for_an_entry_is_packed_and_one_too_large_for_that_comes_in_parts() throws Exception {
        for (int regions : List.of(1_000, 2_000)) {
            Ledger ledger = open(LedgerMode.STRICT);
            TrafficPlan large = plan(regions, regions);
            DecisionFile decision = new DecisionFile(basis(large), large);
            assertThat(decision.bytes()).hasSizeGreaterThan(DecisionParts.BYTES_MAX);
            LedgerRef where = where(record(ledger, LedgerMode.STRICT).record(large, SILENCE, basis(large)));
            ledger.close();

            assertThat(entry(ledger, where).octets(Field.PAYLOAD)).isPresent();
            assertThat(replay("7/" + regions)).as("%s regions", regions).isEqualTo("7." + regions + "  same");
        }
    }

    @Test
    void parts_of_a_decision_that_was_never_ended_are_no_part_of_the_next() throws Exception {
        TrafficPlan large = plan(1, 3_000);
        List<byte[]> parts = DecisionParts.of(new DecisionFile(basis(large), large));
        assertThat(parts).as("parts").hasSizeGreaterThan(1);
        Ledger ledger = open(LedgerMode.STRICT);
        ledger.append(
                LedgerEvent.of(EntryKind.FAILOVER_DECISION)
                        .with(Field.PAYLOAD_SHA256, DecisionParts.sha256(DecisionParts.concatenated(parts)))
                        .with(Field.PAYLOAD, parts.getFirst()),
                written -> {});
        where(record(ledger, LedgerMode.STRICT).record(large, SILENCE, basis(large)));
        where(record(ledger, LedgerMode.STRICT).record(large, SILENCE, basis(large)));
        ledger.close();
        assertThat(replay("7/1")).isEqualTo("7.1  same");
    }

    @Test
    void a_decision_too_large_for_any_number_of_parts_leaves_its_hash() throws Exception {
        Ledger ledger = open(LedgerMode.STRICT);
        TrafficPlan large = plan(1, 30_000);
        LedgerRef where = where(record(ledger, LedgerMode.STRICT).record(large, SILENCE, basis(large)));
        ledger.close();

        assertThat(entry(ledger, where).octets(Field.PAYLOAD)).isEmpty();
        assertThat(entry(ledger, where).octets(Field.PAYLOAD_SHA256)).isPresent();
        assertThat(replay("7/1")).isEqualTo("7.1  too large");
    }

    /** The first lines of what it says, without the reason. */
    private String replay(String decision) {
        StringWriter out = new StringWriter();
        new CommandLine(new ReplayCommand())
                .setOut(new PrintWriter(out, true))
                .execute("--log", dir.toString(), "--decision", decision);
        return out.toString()
                .lines()
                .map(line -> line.replace("  us-east is silent", ""))
                .distinct()
                .collect(Collectors.joining("; "));
    }

    @Test
    void a_ledger_that_takes_nothing_refuses_in_strict_mode_alone() throws Exception {
        for (LedgerMode mode : LedgerMode.values()) {
            Ledger ledger = open(mode);
            ledger.close();
            Class<? extends Outcome> expected =
                    mode == LedgerMode.STRICT ? Outcome.Refused.class : Outcome.Missing.class;
            assertThat(record(ledger, mode).record(plan(1, 2), SILENCE, basis(plan(1, 2))))
                    .as("%s", mode)
                    .isInstanceOf(expected);
        }
    }

    @Test
    void a_disk_that_fails_under_a_running_ledger_refuses_or_makes_wait_until_it_works_again() throws Exception {
        for (LedgerMode mode : LedgerMode.values()) {
            Ledger ledger = open(mode);
            DecisionLedger record = record(ledger, mode);
            Path away = Files.move(dir.resolve("wal"), dir.resolve("away"));
            Files.createFile(dir.resolve("wal"));

            Outcome failed = firstThatDoesNotLast(record);
            assertThat(failed)
                    .as("%s", mode)
                    .isInstanceOf(mode == LedgerMode.STRICT ? Outcome.Refused.class : Outcome.Missing.class);

            Files.delete(dir.resolve("wal"));
            Files.move(away, dir.resolve("wal"));
            await().atMost(LONG_ENOUGH).until(() -> {
                nanos.addAndGet(DecisionLedger.SYNC_MAX.toNanos());
                return record.record(plan(1, 2), SILENCE, basis(plan(1, 2))) instanceof Outcome.Lasting;
            });
            ledger.close();
        }
    }

    /** The ledger notices when its file is full and it wants the next one. */
    private static Outcome firstThatDoesNotLast(DecisionLedger record) throws InterruptedException {
        TrafficPlan plan = plan(1, 500);
        for (int i = 0; i < PLANS_PER_FILE_MAX; i++) {
            Outcome outcome = record.record(plan, SILENCE, basis(plan));
            if (!(outcome instanceof Outcome.Lasting)) {
                return outcome;
            }
        }
        throw new AssertionError("a ledger that has no folder to write to");
    }

    @Test
    void a_ledger_that_refused_is_asked_again_after_a_second() throws Exception {
        AtomicLong asked = new AtomicLong();
        Ledger ledger = Ledger.open(
                new LedgerConfig(dir, "cluster.local/beringia/lab/failover", LedgerMode.STRICT),
                new LedgerEvents() {
                    @Override
                    public void lost(EntryKind kind, String why) {
                        asked.incrementAndGet();
                    }
                },
                () -> Traffic.NONE,
                InstantSource.system());
        ledger.close();
        DecisionLedger record = record(ledger, LedgerMode.STRICT);
        record.record(plan(1, 2), SILENCE, basis(plan(1, 2)));
        record.record(plan(1, 2), SILENCE, basis(plan(1, 2)));
        assertThat(asked).as("within the second").hasValue(1);

        nanos.addAndGet(DecisionLedger.SYNC_MAX.toNanos());
        record.record(plan(1, 2), SILENCE, basis(plan(1, 2)));
        assertThat(asked).as("after it").hasValue(2);
    }

    @Test
    void a_restart_goes_on_behind_the_last_entry() throws Exception {
        Ledger first = open(LedgerMode.STRICT);
        LedgerRef before = where(record(first, LedgerMode.STRICT).record(plan(1, 2), SILENCE, basis(plan(1, 2))));
        first.close();
        Ledger second = open(LedgerMode.STRICT);
        LedgerRef after = where(record(second, LedgerMode.STRICT).record(plan(2, 2), SILENCE, basis(plan(2, 2))));
        second.close();

        assertThat(after.log()).isEqualTo(before.log());
        assertThat(after.index()).isGreaterThan(before.index());
        assertThat(entry(second, before).number(Field.DECISION_SEQ)).contains(1L);
        assertThat(entry(second, after).number(Field.DECISION_SEQ)).contains(2L);
    }

    private static LedgerRef where(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Lasting.class);
        return ((Outcome.Lasting) outcome).where();
    }

    private static LedgerEntry entry(Ledger ledger, LedgerRef where) throws Exception {
        LedgerProof proof =
                LedgerProver.of(ledger.served())
                        .prove(entry -> entry.number(Field.DECISION_SEQ).isPresent())
                        .stream()
                        .filter(one -> one.index() == where.index())
                        .findFirst()
                        .orElseThrow();
        return LedgerEntry.parse(proof.extra().orElseThrow());
    }

    /** What cannot be packed, in large plans. */
    private static String noise(int regions, int number) {
        return regions < 2_000 ? "" : "-" + HexFormat.of().toHexDigits(new Random(number).nextLong());
    }

    private static TrafficPlan plan(long seq, int regions) {
        List<RegionPlan> all = IntStream.range(0, regions)
                .mapToObj(number -> RegionPlan.active(new RegionId("region-" + number + noise(regions, number)), NOW))
                .toList();
        return new TrafficPlan(
                TrafficPlan.FORMAT,
                "lab",
                new PlanVersion(7, seq),
                LEADER,
                NOW,
                all,
                List.of(),
                List.of(),
                List.of(),
                "",
                Optional.empty());
    }
}
