package io.beringia.trust.rotator;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.cli.TrustCommand;
import io.beringia.trust.client.DurableFile;
import io.beringia.trust.identity.X509Svid;
import io.beringia.trust.pki.Pem;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code beringia trust rotate}, as an operator types it, towards a real role trust. */
final class RotateCommandTest {
    @TempDir
    private Path dir = Path.of("");

    private RotatedRegion region;

    private record Ran(int code, String out, String err) {}

    @BeforeEach
    void start() throws IOException {
        region = new RotatedRegion(dir);
        X509Svid ann = region.planes.getLast().svid();
        Files.writeString(dir.resolve("ann.pem"), Pem.write(ann.chain()));
        DurableFile.write(dir.resolve("ann-key.pem"), Pem.write(ann.key()).getBytes(StandardCharsets.US_ASCII));
    }

    @AfterEach
    void end() throws IOException {
        region.close();
    }

    @Test
    void an_operator_starts_looks_is_held_up_by_name_and_goes_back() throws IOException {
        Ran first = rotate("status");
        assertThat(first.code()).as(first.err()).isZero();
        assertThat(first.out()).contains("stable, generation 0", "nothing is waited for");

        assertThat(rotate("start", "--reason", "old age", "--by-hand").out()).isEqualTo("applied: now prepared\n");
        assertThat(rotate("advance", "--reason", "go").out()).isEqualTo("applied: now publishing\n");
        Ran held = rotate("advance", "--reason", "go on");
        assertThat(held.code()).as("blocked").isEqualTo(3);
        assertThat(held.out())
                .startsWith("blocked: still publishing, not yet: ")
                .contains("  mounted (the roots are in every namespace?)  us-east: ");

        assertThat(rotate("status").out()).contains("publishing, ", "waits for:", RotatedRegion.CART + "#");
        JsonNode json = JsonMapper.shared()
                .readTree(rotate("status", "--output", "json").out())
                .path("status");
        assertThat(json.path("phase").asString()).isEqualTo("publishing");
        assertThat(json.path("by").asString()).isEqualTo(RotatedRegion.OPERATOR.toString());
        assertThat(json.path("reason").asString()).isEqualTo("go");
        assertThat(json.path("to").asString())
                .isEqualTo(Roots.id(region.newRoot()).sha256());

        Ran abort = rotate("abort", "--reason", "changed my mind");
        assertThat(abort.code()).as("too late").isEqualTo(1);
        assertThat(abort.out()).startsWith("refused: ").contains("rollback is the way back from here");
        assertThat(rotate("rollback", "--reason", "changed my mind").out()).isEqualTo("applied: now withdrawing\n");
    }

    @Test
    void an_operator_is_told_what_an_emergency_breaks_and_types_the_id_of_the_root_that_is_lost() {
        String lost = Roots.id(region.oldRoot()).toString();
        String next = Roots.id(region.newRoot()).toString();

        Awaitility.await("all data planes listed")
                .atMost(Duration.ofSeconds(30))
                .until(() -> region.status().path("planes-total").asInt(0) == 3);
        Ran told = rotate("emergency", "--reason", "key is on a paste site", "--percent", "60");
        assertThat(told.code()).as("not confirmed").isEqualTo(3);
        assertThat(told.out())
                .startsWith("NOTHING HAS BEEN DONE.")
                .contains(
                        "root " + lost + " is lost",
                        "60 % of the data planes, 2 of 3, trust it",
                        "there is no way back",
                        "late now, 3:\n",
                        "\n  " + RotatedRegion.CART + "#",
                        "still waited for:        candidate, inventory, trusted, leaves, gone, key",
                        "  certificate " + Roots.id(region.oldRoot()).sha256(),
                        "to do it, add: --root " + lost + "\n");
        assertThat(rotate("status").out()).as("nothing was done").contains("stable, generation 0");
        assertThat(rotate("emergency", "--reason", "x", "--percent", "0").code())
                .as("nobody")
                .isEqualTo(2);

        Ran other = rotate("emergency", "--reason", "x", "--percent", "60", "--root", next);
        assertThat(other.code()).as("another root").isEqualTo(1);
        assertThat(other.out()).startsWith("refused: emergency: another root (expected: " + lost);

        Ran done = rotate("emergency", "--reason", "key is on a paste site", "--percent", "60", "--root", lost);
        assertThat(done.out()).isEqualTo("applied: now prepared\n");
        assertThat(rotate("status").out())
                .contains(", EMERGENCY: waits for 60 % of the data planes", ": key is on a paste site");
        assertThat(rotate("rollback", "--reason", "x").out())
                .startsWith("refused: rollback: the old root's key is in wrong hands");
    }

    @Test
    void whoever_asks_wrongly_is_told_so() {
        assertThat(rotate("start").code()).as("no reason").isEqualTo(2);
        assertThat(rotate("waive", "cart", "--reason", "x", "--expires", "soon"))
                .satisfies(ran -> assertThat(ran.code()).as("expiry").isEqualTo(2))
                .satisfies(ran -> assertThat(ran.out()).startsWith("malformed: expires: unreadable (expected: "));
        assertThat(rotate("advance", "--reason", "x"))
                .satisfies(ran -> assertThat(ran.code()).as("nothing changes").isEqualTo(1))
                .satisfies(ran -> assertThat(ran.out()).startsWith("refused: advance: nothing changes"));
        region.stop();
        assertThat(rotate("status"))
                .satisfies(ran -> assertThat(ran.code()).as("nobody answers").isEqualTo(1))
                .satisfies(ran -> assertThat(ran.err()).contains("(expected: the role trust of a rotation)"));
    }

    private Ran rotate(String command, String... args) {
        List<String> all = new ArrayList<>(List.of(
                "rotate",
                command,
                "--api",
                "127.0.0.1:" + region.apiPort(),
                "--identity",
                dir.resolve("ann.pem") + "," + dir.resolve("ann-key.pem") + "," + dir.resolve("first-root.pem")));
        all.addAll(List.of(args));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = new CommandLine(new TrustCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    line.getErr().println(failure.getMessage());
                    return 1;
                })
                .execute(all.toArray(String[]::new));
        return new Ran(code, out.toString(), err.toString());
    }
}
