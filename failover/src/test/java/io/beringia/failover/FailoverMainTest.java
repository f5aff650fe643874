package io.beringia.failover;

import static io.beringia.failover.FailoverLab.EAST;
import static io.beringia.failover.FailoverLab.WEST;
import static io.beringia.failover.FailoverLab.WITNESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.ServicePlan;
import io.beringia.discovery.catalog.Shares;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.FailoverConfig.Mode;
import io.beringia.failover.cli.RegionCommand;
import io.beringia.failover.cli.ReplayCommand;
import io.beringia.failover.cli.StaleOffer;
import io.beringia.trust.cli.LedgerCommand;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import picocli.CommandLine;

/** Each waits for sessions and ramps in a lab of its own; nothing takes longer, so nothing begins earlier. */
@Order(1)
@Execution(ExecutionMode.CONCURRENT)
final class FailoverMainTest {
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();

    @Test
    void a_region_that_falls_silent_leaves_and_comes_back_step_by_step() throws Exception {
        try (FailoverLab lab = FailoverLab.start(folder)) {
            lab.candidate(WEST, Mode.AUTO);
            FailoverMain witness = lab.candidate(WITNESS, Mode.AUTO);
            await().atMost(LONG_ENOUGH).until(() -> lab.phase(EAST).equals("ACTIVE"));
            awaitLeader(lab, "failover-witness");
            assertThat(witness.awaited()).isEmpty();

            lab.lose(EAST);
            await().atMost(LONG_ENOUGH).until(() -> lab.phase(EAST).equals("EVACUATED"));
            TrafficPlan away = lab.plan().orElseThrow();
            assertThat(away.defaultRow(EAST)).as("its clients").contains(Shares.all(WEST));
            assertThat(away.region(EAST).orElseThrow().penalty()).isPositive();

            assertThat(StaleOffer.isRefused(
                            lab.connectString(),
                            FailoverLab.MESH,
                            away.version().epoch()))
                    .as("the same plan from the epoch before")
                    .isTrue();
            assertThat(lab.plan()).as("what stands").contains(away);

            assertThat(console(witness))
                    .as("what people see")
                    .contains("\"us-east\",\"says\":\"is evacuated; its clients go to us-west (100 %)\"")
                    .contains("\"what\":\"EVACUATING → EVACUATED\"");

            lab.find(EAST);
            await().atMost(LONG_ENOUGH).until(() -> lab.phase(EAST).equals("ACTIVE"));
            assertThat(lab.plan().orElseThrow().version()).isGreaterThan(away.version());
            assertThat(lab.moves(EAST))
                    .as("every step, written once")
                    .isEqualTo(Map.of(
                            "suspect", 1L,
                            "evacuating", 1L,
                            "evacuated", 1L,
                            "probation", 1L,
                            "ramping", 5L,
                            "active", 1L));
        }
    }

    private static String console(FailoverMain candidate) throws IOException {
        URI picture = URI.create(
                "http://127.0.0.1:" + candidate.console().orElseThrow().getPort() + "/v1/console");
        try (InputStream in = picture.toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void a_ledger_verifies_over_a_restart_and_proves_the_decision_of_the_plan_that_stands() throws Exception {
        try (FailoverLab lab = FailoverLab.start(folder)) {
            lab.candidate(WITNESS, Mode.AUTO).close();
            FailoverMain restarted = lab.candidate(WITNESS, Mode.AUTO);
            awaitLeader(lab, "failover-witness");
            lab.lose(EAST);
            await().atMost(LONG_ENOUGH).until(() -> lab.phase(EAST).equals("EVACUATED"));
            restarted.close();

            TrafficPlan plan = lab.plan().orElseThrow();
            Path log = lab.ledger(WITNESS);
            Path policy = Files.writeString(
                    folder.resolve("policy.txt"), "log " + Files.readString(log.resolve("log.vkey")) + "quorum none\n");
            assertThat(ledger("verify", "--policy", policy.toString(), "--log", log.toString()))
                    .as("verifies: %s", out)
                    .isZero();
            String decision = plan.version().epoch() + "/" + plan.version().seq();
            assertThat(ledger("prove", "--log", log.toString(), "--decision", decision, "--dir", folder.toString()))
                    .as("proves: %s", out)
                    .isZero();
            assertThat(out.toString())
                    .contains("entry-" + plan.ledger().orElseThrow().index() + ".tlog-proof", "KIND=32 ", "us-east");
        }
    }

    private int ledger(String... arguments) {
        out.getBuffer().setLength(0);
        PrintWriter writer = new PrintWriter(out, true);
        return new CommandLine(new LedgerCommand())
                .setOut(writer)
                .setErr(writer)
                .execute(arguments);
    }

    @Test
    void a_service_that_fails_in_one_region_is_steered_around_it_and_shown_and_replayed() throws Exception {
        try (FailoverLab lab = FailoverLab.start(folder)) {
            FailoverMain leader = lab.candidate(WITNESS, Mode.AUTO);
            awaitLeader(lab, "failover-witness");
            lab.discovery(WEST).fails(EAST);
            await().atMost(LONG_ENOUGH).until(() -> steered(lab).isPresent());

            assertThat(steered(lab)).contains(ServicePlan.Phase.DEGRADED);
            assertThat(lab.phase(EAST)).as("the region stays").isEqualTo("ACTIVE");
            assertThat(status(lab, leader)).as("%s", out).isZero();
            assertThat(out.toString().lines())
                    .anySatisfy(line -> assertThat(line)
                            .startsWith(LabDiscovery.CART.toString())
                            .contains("us-east", "DEGRADED", "failed for us-west"));
            leader.close();
            out.getBuffer().setLength(0);
            PrintWriter writer = new PrintWriter(out, true);
            assertThat(new CommandLine(new ReplayCommand())
                            .setOut(writer)
                            .setErr(writer)
                            .execute("--log", lab.ledger(WITNESS).toString()))
                    .as("%s", out)
                    .isZero();
            assertThat(out.toString())
                    .containsPattern("same  " + LabDiscovery.CART + " in us-east HEALTHY -> DEGRADED: gray: ");
        }
    }

    private static Optional<ServicePlan.Phase> steered(FailoverLab lab) {
        return lab.plan()
                .flatMap(plan -> plan.service(LabDiscovery.CART))
                .flatMap(service -> service.state(EAST))
                .map(ServicePlan.State::phase);
    }

    private int status(FailoverLab lab, FailoverMain leader) {
        out.getBuffer().setLength(0);
        PrintWriter writer = new PrintWriter(out, true);
        return new CommandLine(new RegionCommand())
                .setOut(writer)
                .setErr(writer)
                .execute(
                        "status",
                        "--identity",
                        lab.operator().stream().map(Path::toString).collect(Collectors.joining(",")),
                        "--api",
                        "127.0.0.1:" + leader.address().getPort());
    }

    @Test
    void a_leader_inside_of_the_lost_region_is_replaced_before_its_region_leaves() throws Exception {
        try (FailoverLab lab = FailoverLab.start(folder)) {
            FailoverMain inside = lab.candidate(EAST, Mode.AUTO);
            awaitLeader(lab, "failover-us-east");
            lab.candidate(WEST, Mode.AUTO);

            lab.lose(EAST);
            inside.close();
            awaitLeader(lab, "failover-us-west");
            await().atMost(LONG_ENOUGH).until(() -> lab.phase(EAST).equals("EVACUATED"));
        }
    }

    @Test
    void an_ensemble_that_was_away_has_kept_the_plan_and_decisions_go_on() throws Exception {
        try (FailoverLab lab = FailoverLab.start(folder)) {
            lab.candidate(WITNESS, Mode.AUTO);
            awaitLeader(lab, "failover-witness");
            TrafficPlan before = lab.plan().orElseThrow();

            lab.restartZooKeeper();
            await().atMost(LONG_ENOUGH).until(() -> lab.plan().isPresent());
            assertThat(lab.plan().orElseThrow().version())
                    .as("never an older one")
                    .isGreaterThanOrEqualTo(before.version());

            lab.lose(EAST);
            await().atMost(LONG_ENOUGH).until(() -> lab.phase(EAST).equals("EVACUATED"));
            assertThat(lab.plan().orElseThrow().version()).isGreaterThan(before.version());
        }
    }

    private static void awaitLeader(FailoverLab lab, String account) {
        await().atMost(LONG_ENOUGH)
                .until(() -> lab.plan()
                        .filter(plan -> plan.leader().equals(LabIdentities.id(account)))
                        .isPresent());
    }
}
