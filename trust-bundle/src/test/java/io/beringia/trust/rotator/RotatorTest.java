package io.beringia.trust.rotator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.trust.client.RemoteCredentials;
import io.beringia.trust.ledger.EntryKind;
import io.beringia.trust.ledger.Field;
import io.beringia.trust.ledger.FolderSource;
import io.beringia.trust.ledger.LedgerProver;
import io.beringia.trust.rotation.RotationPhase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A real role trust, real clients and a real probe, while the root above all of them is replaced. */
final class RotatorTest {
    private static final Duration STEP = Duration.ofSeconds(30);

    @TempDir
    private Path dir = Path.of("");

    private RotatedRegion region;
    private final Set<String> waits = new LinkedHashSet<>();

    @BeforeEach
    void start() throws IOException {
        region = new RotatedRegion(dir);
    }

    @AfterEach
    void end() throws IOException {
        region.close();
    }

    @Test
    void a_root_is_replaced_while_everybody_talks_though_the_role_ends_in_the_middle() throws IOException {
        assertThat(region.start(true).path("outcome").asString()).as("start").isEqualTo("applied");
        List<String> story = new ArrayList<>(List.of(region.phase()));
        while (!story.getLast().equals("retired")) {
            story.add(advanced());
            if (story.getLast().equals("activating")) {
                region.restart();
            }
        }
        assertThat(story)
                .as("phases")
                .containsExactly(
                        "prepared",
                        "publishing",
                        "published",
                        "canary",
                        "activating",
                        "active",
                        "draining",
                        "retiring",
                        "retired");
        assertThat(waits).as("what was waited for on the way").contains("mounted", "trusted", "leaves", "gone");
        assertThat(missingGates(region.order("advance"))).as("the last one").containsExactly("key");

        assertThat(region.order("key-destroyed").path("outcome").asString())
                .as("by hand")
                .isEqualTo("applied");
        assertThat(advanced()).as("then").isEqualTo("stable");

        assertThat(region.published()).as("roots").containsExactly(region.newRoot());
        assertThat(region.ca().open(InstantSource.system()).root())
                .as("above the cluster's own files")
                .isEqualTo(region.newRoot());
        assertThat(region.store().toFile().list()).as("left in the store").containsExactly("rotation.state");
        region.restart();
        region.pass(STEP);
        assertThat(region.verified()).as("the ledger verifies").isZero();
    }

    @Test
    void comes_back_from_where_the_new_root_signs_when_an_operator_wants_it() {
        region.start(true);
        while (!region.phase().equals("active")) {
            advanced();
        }
        region.pass(Duration.ofMinutes(3));

        assertThat(region.order("rollback").path("detail").asString()).isEqualTo("now rolling-back");
        assertThat(region.order("rollback").path("outcome").asString())
                .as("twice")
                .isEqualTo("refused");
        assertThat(List.of(advanced(), advanced())).as("phases").containsExactly("withdrawing", "stable");

        assertThat(region.published()).as("roots").containsExactly(region.oldRoot());
        assertThat(region.ca().open(InstantSource.system()).root()).as("signs").isEqualTo(region.oldRoot());
        assertThat(region.store().toFile().list()).as("left in the store").containsExactly("rotation.state");
        assertThat(region.order("advance").path("detail").asString()).contains("nothing changes");
    }

    @Test
    void goes_on_by_itself_where_nobody_wants_to_be_asked() {
        assertThat(region.start(false).path("outcome").asString()).as("start").isEqualTo("applied");

        Awaitility.await("published")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    region.pass(STEP);
                    return region.published().size() == 2 && !region.phase().equals("publishing");
                });
        assertThat(region.status().path("by").asString()).as("by").isEqualTo("loop");
    }

    @Test
    void a_data_plane_that_does_not_answer_holds_it_up_by_name_until_an_operator_waives_it() {
        region.planes.get(1).close();
        region.start(true);
        advanced();
        Awaitility.await("only the one that is away")
                .atMost(Duration.ofSeconds(30))
                .until(() -> {
                    region.pass(STEP);
                    return who(region.order("advance")).size() == 1;
                });
        String name = who(region.order("advance")).getFirst();
        assertThat(name).as("who").startsWith(RotatedRegion.WEB + "#");

        JsonNode answer = region.order(
                "{\"verb\": \"waive\", \"plane\": \"" + name + "\", \"expires\": \"2h\", \"reason\": \"a test\"}",
                region.planes.getLast());

        assertThat(answer.path("outcome").asString()).as("waived").isEqualTo("applied");
        assertThat(advanced()).as("goes on").isEqualTo("published");
    }

    @Test
    void in_an_emergency_the_old_root_goes_without_whoever_is_away() throws IOException {
        region.planes.remove(1).close();
        assertThat(emergency(100).path("outcome").asString()).as("for all").isEqualTo("applied");
        Awaitility.await("who is away is waited for")
                .atMost(Duration.ofSeconds(30))
                .until(() -> {
                    region.pass(Duration.ofSeconds(1));
                    return region.phase().equals("publishing")
                            && who(region.status()).size() == 1;
                });

        assertThat(emergency(60).path("outcome").asString())
                .as("for two of three")
                .isEqualTo("applied");
        Awaitility.await("the old root gone")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    region.pass(STEP);
                    return region.phase().equals("retired");
                });

        assertThat(region.published()).as("roots").containsExactly(region.newRoot());
        assertThat(region.meters.get("trust.rotation.emergency").gauge().value())
                .as("meter")
                .isEqualTo(1);
        assertThat(region.order("rollback").path("outcome").asString()).isEqualTo("refused");
        assertThat(region.order("key-destroyed").path("outcome").asString()).isEqualTo("applied");
        assertThat(region.verified()).as("the ledger verifies").isZero();
        assertThat(ordered()).as("in the ledger").containsExactly("pace urgent-100", "pace urgent-60");
    }

    private JsonNode emergency(int percent) {
        return region.order(
                "{\"verb\": \"emergency\", \"root\": \"" + Roots.id(region.oldRoot()) + "\", \"percent\": " + percent
                        + ", \"reason\": \"a test\"}",
                region.planes.getLast());
    }

    /** How fast the operator's orders were to be obeyed, as the ledger has them. */
    private List<String> ordered() throws IOException {
        return LedgerProver.of(FolderSource.of(region.ledger().resolve("issuance")))
                .entries(entry -> entry.kind().equals(Optional.of(EntryKind.ROTATION_TRANSITION))
                        && entry.text(Field.ACTOR).equals(Optional.of(RotatedRegion.OPERATOR.toString())))
                .stream()
                .map(entry -> new String(entry.octets(Field.PAYLOAD).orElseThrow(), StandardCharsets.UTF_8))
                .flatMap(String::lines)
                .filter(line -> line.startsWith("pace "))
                .toList();
    }

    @Test
    void nobody_but_an_operator_is_heard_and_nonsense_is_told_in_one_line() {
        assertThat(region.order("{\"verb\": \"start\", \"reason\": \"x\"}", region.planes.getFirst())
                        .path("outcome")
                        .asString())
                .as("a workload")
                .isEqualTo("forbidden");
        assertThat(region.call("{\"claim\": \"9 us-west\"}", region.planes.getLast())
                        .path("detail")
                        .asString())
                .as("an operator as a trust role")
                .isEqualTo(RotatedRegion.OPERATOR + " of cluster us-east (expected: the trust role of a peer)");
        for (String body : List.of(
                "",
                "[]",
                "{}",
                "{\"verb\": \"start\"}",
                "{\"verb\": \"start\", \"reason\": \"\"}",
                "{\"verb\": \"start\", \"reason\": \"a\\nb\"}",
                "{\"verb\": \"leap\", \"reason\": \"x\"}",
                "{\"verb\": \"start\", \"reason\": \"x\", \"force\": true}",
                "{\"verb\": \"start\", \"verb\": \"start\", \"reason\": \"x\"}",
                "{\"verb\": \"emergency\", \"reason\": \"x\", \"root\": \"y\", \"percent\": 0}",
                "{\"verb\": \"emergency\", \"reason\": \"x\", \"root\": \"y\", \"percent\": \"60\"}",
                "{\"verb\": \"emergency\", \"reason\": \"x\", \"percent\": 60}",
                "{\"verb\": \"waive\", \"reason\": \"x\", \"plane\": \"y\", \"expires\": \"soon\"}")) {
            JsonNode answer = region.order(body, region.planes.getLast());
            assertThat(answer.path("outcome").asString()).as(body).isEqualTo("malformed");
            assertThat(answer.path("detail").asString()).as(body).contains("(expected: ");
        }
        for (String verb : List.of("advance", "rollback", "abort", "key-destroyed")) {
            assertThat(region.order(verb).path("outcome").asString()).as(verb).isEqualTo("refused");
        }
        assertThat(region.phase()).as("nothing happened").isEqualTo("stable");
    }

    @Test
    void whatever_phase_is_stored_is_obeyed_before_anybody_is_served() throws IOException {
        region.start(true);
        region.stop();
        RotationConfig rotation = region.config().rotation().orElseThrow();
        RotationStore store = new RotationStore(region.store());
        RotationState prepared = store.read().orElseThrow();
        RotationPhase.Changing at = (RotationPhase.Changing) prepared.phase();
        Optional<RotationState> last = Optional.of(prepared);
        for (RotationPhase phase : Phases.all(at.change().from(), at.change().to(), 9, at.since())) {
            if (phase instanceof RotationPhase.Stable) {
                continue;
            }
            RotationState next = prepared.on(phase);
            store.replace(last, next);
            last = Optional.of(next);

            assertThat(Roots.id(Standing.open(rotation, region.ca(), region::now)
                            .authority()
                            .root()))
                    .as("%s signs", phase.word())
                    .isEqualTo(phase.signer("us-east"));
            assertThat(Roots.ids(region.published()))
                    .as("%s publishes", phase.word())
                    .isEqualTo(phase.published());
            if (phase instanceof RotationPhase.Activating) {
                region.begin();
                try (RemoteCredentials first = region.newcomer()) {
                    assertThat(first.bundles().rootsOf(RotatedRegion.DOMAIN))
                            .as("a newcomer is told")
                            .hasSize(2);
                    assertThat(region.isUnder(first.svid(), phase.signer("us-east")))
                            .as("and gets")
                            .isTrue();
                }
                region.stop();
            }
        }
        Files.writeString(store.file(), Files.readString(store.file()).replace("withdrawing", "retired"));
        assertThatThrownBy(region::begin)
                .as("a hand that changed it")
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("rotation.state");
    }

    /** One step by hand, however long its gates take; the phase after it. */
    private String advanced() {
        Awaitility.await("a step")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    JsonNode answer = region.order("advance");
                    waits.addAll(missingGates(answer));
                    region.pass(answer.path("outcome").asString().equals("applied") ? Duration.ZERO : STEP);
                    return answer.path("outcome").asString().equals("applied");
                });
        return region.phase();
    }

    private static List<String> missingGates(JsonNode answer) {
        return answer.path("missing")
                .valueStream()
                .map(one -> one.path("gate").asString())
                .distinct()
                .toList();
    }

    private static List<String> who(JsonNode answer) {
        return answer.path("missing")
                .valueStream()
                .map(one -> one.path("who").asString())
                .distinct()
                .toList();
    }
}
