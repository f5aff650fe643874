package io.beringia.failover;

import static io.beringia.failover.RecordedDecisions.FIRST;
import static io.beringia.failover.RecordedDecisions.stamped;
import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.failover.cli.PlanCommand;
import io.beringia.failover.decision.Fence;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class PlanCommandTest {
    private static final Fence FENCED = new Fence(Duration.ofSeconds(2), Duration.ofSeconds(1));

    @TempDir
    private Path dir;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void decided() throws Exception {
        new RecordedDecisions(dir).record(FENCED, stamped(FIRST, 1));
        new RecordedDecisions(dir).record(Fence.NONE, stamped(FIRST, 2));
    }

    @Test
    void what_was_known_then_blocks_by_the_name_of_a_rule() {
        assertThat(run("evacuate", "7/1", "us-east")).isEqualTo(3);
        assertThat(out.toString()).startsWith("blocked by TRUST: ");
        assertThat(run("evacuate", "7/2", "us-east")).as("without a fence").isEqualTo(3);
        assertThat(out.toString()).startsWith("blocked by FENCE: ");
    }

    @Test
    void a_rule_that_is_set_aside_shows_who_would_go_where() {
        assertThat(run("evacuate", "7/1", "us-east", "--override-rule", "TRUST"))
                .as(out.toString())
                .isZero();
        assertThat(out.toString().lines().toList())
                .contains(
                        "imagined: us-east ACTIVE -> EVACUATING",
                        "us-east     us-east 100 % -> us-west 100 %",
                        "us-west     us-west 100 %");
    }

    @Test
    void of_one_service_is_known_what_a_site_exported_then() {
        assertThat(run("drain", "7/1", "us-east", "--service", "shop/cart.shop"))
                .isEqualTo(1);
        assertThat(out.toString())
                .startsWith("refused: service: shop/cart.shop (expected: one that some site exports)");
        assertThat(run("drain", "7/1", "us-east", "--service", "cart")).isEqualTo(2);
        assertThat(err.toString()).contains("service: \"cart\" (expected: namespace/hostname)");
    }

    @Test
    void as_json_it_is_what_a_dry_run_answers() {
        run("evacuate", "7/1", "us-east", "--override-rule", "TRUST", "--output", "json");
        assertThat(out.toString()).contains("\"outcome\" : \"imagined\"", "\"us-west\" : 10000");
    }

    @Test
    void nonsense_is_asked_wrongly_and_nobody_knows_what_was_never_decided() {
        assertThat(run("evacuate", "7/1", "us-north")).isEqualTo(1);
        assertThat(out.toString()).startsWith("refused: region: ");
        assertThat(run("explode", "7/1", "us-east")).isEqualTo(2);
        assertThat(run("evacuate", "seven", "us-east")).isEqualTo(2);
        assertThat(run("evacuate", "7/9", "us-east")).isEqualTo(1);
        assertThat(err.toString()).contains("plan: no decision 7.9 with what it followed from in");
    }

    private int run(String verb, String decision, String region, String... more) {
        out.getBuffer().setLength(0);
        String[] args = {"--what-if", verb, "--log", dir.toString(), "--decision", decision, region};
        return new CommandLine(new PlanCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(Stream.of(args, more).flatMap(Stream::of).toArray(String[]::new));
    }
}
