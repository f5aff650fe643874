package io.beringia.failover.cli;

import static io.beringia.failover.FailoverLab.EAST;
import static io.beringia.failover.FailoverLab.WEST;
import static io.beringia.failover.FailoverLab.WITNESS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.ServiceHome;
import io.beringia.failover.FailoverConfig.Mode;
import io.beringia.failover.FailoverLab;
import io.beringia.failover.FailoverMain;
import io.beringia.failover.LabIdentities;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Types commands against a real candidate over mutual TLS. */
final class RegionCommandTest {
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);
    private static final String[] WHY = {"--reason", "test", "--expires", "1h"};

    @TempDir
    private Path folder;

    private FailoverLab lab;
    private List<Path> operator;
    private String said = "";

    @BeforeEach
    void start() throws Exception {
        lab = FailoverLab.start(folder);
        operator = lab.operator();
    }

    @AfterEach
    void stop() {
        lab.close();
    }

    @Test
    void an_operator_sends_a_region_away_and_brings_it_back() throws Exception {
        FailoverMain leader = leader(Mode.AUTO);

        assertThat(run(leader, "evacuate us-east --dry-run", WHY)).as(said).isZero();
        assertThat(said).contains("imagined: us-east ACTIVE -> EVACUATING", "us-east 100 % -> us-west 100 %");
        assertThat(lab.phase(EAST)).as("after a dry run").isEqualTo("ACTIVE");

        assertThat(run(leader, "evacuate us-east", WHY)).as(said).isZero();
        assertThat(said).contains("applied: us-east ACTIVE -> EVACUATING");
        assertThat(lab.plan().orElseThrow().overrides().getFirst().actor())
                .as("who asked, by the SVID")
                .hasToString("spiffe://cluster.local/ns/beringia-system/sa/alice");

        assertThat(run(leader, "evacuate us-west", WHY)).isEqualTo(3);
        assertThat(said).contains("blocked by ATLEAST_ONE: no other region serves");

        assertThat(run(leader, "status")).as(said).isZero();
        assertThat(said)
                .containsPattern("mesh lab: epoch 1, seq \\d+, led from witness, lease \\d+ ms, mode auto")
                .contains("single machine: no ensemble quorum", "witness -> us-east", "EVACUATE")
                .containsPattern(
                        "TROUBLE: us-east is (being )?evacuated; its clients go to us-west \\(100 %\\) \\(.*\\)");

        await().atMost(LONG_ENOUGH).until(() -> lab.phase(EAST).equals("EVACUATED"));
        assertThat(run(leader, "restore us-east", WHY)).as(said).isZero();
        assertThat(said).contains("us-east EVACUATED -> PROBATION");
    }

    @Test
    void what_cannot_be_done_has_an_exit_code_of_its_own() throws Exception {
        FailoverMain leader = leader(Mode.AUTO);

        assertThat(run(leader, "restore us-east", WHY)).as("refused").isEqualTo(1);
        assertThat(said).contains("refused: us-east is ACTIVE");
        assertThat(run(leader, "evacuate nowhere", WHY)).as("refused").isEqualTo(1);
        assertThat(said).contains("region: nowhere (expected: one of [us-east, us-west])");
        assertThat(run(leader, "evacuate us-east", "--reason", "x", "--expires", "73h"))
                .isEqualTo(1);
        assertThat(said).contains("(expected: within 72 h)");
        assertThat(run(leader, "evacuate us-east")).as("without a reason").isEqualTo(2);
        assertThat(run(leader, "evacuate us-east", "--reason", "x", "--expires", "soon"))
                .isEqualTo(2);
        assertThat(said).contains("malformed: expires: \"soon\" (expected: a duration");
        assertThat(run(leader, "freeze --override-rule FENCE", WHY)).isEqualTo(2);

        leader.drain(LONG_ENOUGH);
        assertThat(run(leader, "evacuate us-east", WHY)).as("no fenced leader").isEqualTo(4);
        assertThat(run(leader, "status")).isEqualTo(4);
        assertThat(said).contains("no fenced leader; seen from witness", "us-west -> us-east");
        lab.lose(EAST);
        await().atMost(LONG_ENOUGH)
                .until(() -> run(leader, "status") == 4 && said.contains("STUCK at us-east-1/gateway-0"));
    }

    @Test
    void a_destination_that_nobody_can_vouch_for_is_named_and_may_be_overridden() throws Exception {
        FailoverMain leader = leader(Mode.AUTO);
        lab.hush(WEST);
        await().atMost(LONG_ENOUGH)
                .until(() -> run(leader, "evacuate us-east --dry-run", WHY) == 3 && said.contains("blocked by TRUST"));

        assertThat(run(leader, "status")).as(said).isZero();
        assertThat(said.lines().filter(line -> line.startsWith("us-east ")))
                .as("what blocks and what only warns")
                .anySatisfy(line -> assertThat(line).contains("TRUST").endsWith("CAPACITY"));

        assertThat(run(leader, "evacuate us-east --override-rule TRUST", WHY))
                .as(said)
                .isZero();
        assertThat(said)
                .contains("applied: us-east ACTIVE -> EVACUATING")
                .contains("warned by CAPACITY: no other region that serves is known to have enough pods ready");

        assertThat(run(leader, "status")).as(said).isZero();
        assertThat(said.substring(said.indexOf("LAGGARD")))
                .as("it obeys an older plan, as far as anybody knows")
                .containsPattern("\nus-west +\\d+\\.\\d+ +\\d+ of \\d+");
    }

    @Test
    void a_service_with_a_single_writer_is_where_an_operator_wants_it_and_keeps_its_region_from_a_drain()
            throws Exception {
        FailoverMain leader = leader(Mode.AUTO);
        lab.single(EAST);
        String cart = " --service shop/cart.shop.svc.cluster.local";
        await().atMost(LONG_ENOUGH)
                .until(() -> run(leader, "status") == 0
                        && said.contains("TROUBLE: shop/cart.shop.svc.cluster.local has no home, so nobody is served"));

        assertThat(run(leader, "restore us-west" + cart, WHY)).as(said).isZero();
        assertThat(said).contains("applied: shop/cart.shop.svc.cluster.local home none -> us-west");
        await().atMost(LONG_ENOUGH).until(() -> run(leader, "status") == 0 && !said.contains("nobody is served"));
        assertThat(said)
                .containsPattern("shop/cart.shop.svc.cluster.local +us-west +OPEN +yes .* operator: test")
                .doesNotContain("has no home");
        assertThat(lab.plan().orElseThrow().services().getFirst().home().map(ServiceHome::region))
                .contains(WEST);

        assertThat(run(leader, "drain us-west", WHY)).as(said).isEqualTo(3);
        assertThat(said).contains("blocked by SINGLE_WRITER: at home in us-west: shop/cart.shop.svc.cluster.local");
        assertThat(run(leader, "evacuate us-west --dry-run", WHY)).as(said).isZero();
        assertThat(said).contains("warned by SINGLE_WRITER: at home in us-west");
        assertThat(run(leader, "evacuate us-east" + cart, WHY)).as(said).isEqualTo(1);
        assertThat(said).contains("is at home in us-west (expected: us-east)");
    }

    @Test
    void a_freeze_is_shown_over_every_region_and_a_follower_passes_the_question_on() throws Exception {
        FailoverMain leader = leader(Mode.AUTO);
        FailoverMain follower = lab.candidate(WEST, Mode.AUTO);

        assertThat(run(List.of(follower, leader), "freeze", WHY)).as(said).isZero();
        await().atMost(LONG_ENOUGH)
                .until(() -> status(leader)
                        .path("regions")
                        .valueStream()
                        .allMatch(region -> region.path("overlays").toString().equals("[\"FROZEN\"]")));
    }

    @Test
    void a_leader_that_only_practises_applies_nothing() throws Exception {
        FailoverMain leader = leader(Mode.DRY_RUN);

        assertThat(run(leader, "evacuate us-east", WHY)).isEqualTo(1);
        assertThat(said).contains("failed: mode: dry-run (expected: auto; nothing is applied before)");
        assertThat(run(leader, "evacuate us-east --dry-run", WHY)).isZero();
        assertThat(lab.plan()).as("in ZooKeeper").isEmpty();
    }

    @Test
    void a_plan_that_cannot_be_believed_stays_and_nothing_is_decided_on_it() throws Exception {
        lab.writePlan("no plan".getBytes(UTF_8));
        FailoverMain leader = lab.candidate(WITNESS, Mode.AUTO);

        await().atMost(LONG_ENOUGH)
                .until(() ->
                        run(leader, "evacuate us-east", WHY) == 1 && said.contains("no plan to decide on: plan: "));
        assertThat(lab.storedPlan()).asString(UTF_8).isEqualTo("no plan");
    }

    @Test
    void only_operators_are_heard_and_only_candidates_are_believed() throws Exception {
        FailoverMain leader = leader(Mode.AUTO);
        operator = lab.identities().files("mallory");
        assertThat(run(leader, "status")).isEqualTo(1);
        assertThat(said)
                .contains("forbidden: spiffe://cluster.local/ns/beringia-system/sa/mallory (expected: an operator)");

        operator = LabIdentities.in(folder.resolve("other")).files("alice");
        assertThat(run(leader, "status")).as("of another mesh").isEqualTo(1);

        operator = lab.operator();
        assertThat(run(leader, "status --server spiffe://cluster.local/ns/beringia-system/sa/other"))
                .isEqualTo(1);
        assertThat(said).contains("(expected: another identity)");
    }

    private FailoverMain leader(Mode mode) throws Exception {
        FailoverMain leader = lab.candidate(WITNESS, mode);
        await().atMost(LONG_ENOUGH)
                .until(() -> status(leader).path("leading").asBoolean(false)
                        && status(leader).path("evidence").size() == 3);
        return leader;
    }

    private JsonNode status(FailoverMain candidate) {
        run(candidate, "status --output json");
        return JsonMapper.shared().readTree(said);
    }

    private int run(FailoverMain candidate, String command, String... more) {
        return run(List.of(candidate), command, more);
    }

    private int run(List<FailoverMain> candidates, String command, String... more) {
        List<String> arguments = new ArrayList<>(List.of(command.split(" ", -1)));
        arguments.addAll(List.of(more));
        arguments.addAll(List.of(
                "--identity",
                operator.stream().map(Path::toString).collect(Collectors.joining(",")),
                "--api",
                candidates.stream()
                        .map(one -> "127.0.0.1:" + one.address().getPort())
                        .collect(Collectors.joining(","))));
        StringWriter out = new StringWriter();
        int code = new CommandLine(new RegionCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(out, true))
                .setExecutionExceptionHandler((failure, asked, parsed) -> {
                    asked.getErr().println(failure.getMessage());
                    return 1;
                })
                .execute(arguments.toArray(String[]::new));
        said = out.toString();
        return code;
    }
}
