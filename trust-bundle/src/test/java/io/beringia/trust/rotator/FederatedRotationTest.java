package io.beringia.trust.rotator;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.client.RemoteCredentials;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Two real role trusts, one in each cluster of a trust domain, while the root above both of them is replaced. */
final class FederatedRotationTest {
    private static final Duration STEP = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path dir = Path.of("");

    private RotatedRegion east;
    private RotatedRegion west;
    private CutLine toWest;
    private final Set<String> waited = new LinkedHashSet<>();

    @BeforeEach
    void start() throws IOException {
        RotatedRegion.Place place =
                RotatedRegion.made(dir, List.of(RotatedRegion.CART, RotatedRegion.OPERATOR), "us-east", "us-west");
        west = new RotatedRegion(dir, place.at("us-west"));
        toWest = new CutLine(west.apiPort());
        east = new RotatedRegion(dir, place.at("us-east").reaching("us-west", toWest.port()));
    }

    @AfterEach
    void end() throws IOException {
        east.close();
        toWest.close();
        west.close();
    }

    @Test
    void one_rotation_spans_both_clusters_though_its_lead_is_killed_and_then_taken_over() throws IOException {
        assertThat(east.start(true).path("detail").asString()).as("too early").contains("nobody leads");
        lead(east);
        assertThat(east.start(true).path("outcome").asString()).as("start").isEqualTo("applied");
        assertThat(west.order("advance").path("detail").asString())
                .as("in vain")
                .contains("us-east leads");

        List<String> story = new ArrayList<>();
        while (!east.phase().equals("activating")) {
            story.add(advanced(east));
        }
        east.restart();
        while (!east.phase().equals("active")) {
            story.add(advanced(east));
        }
        lead(west);
        assertThat(west.phase()).as("goes on from").isEqualTo("active");
        while (!west.phase().equals("retired")) {
            story.add(advanced(west));
        }
        assertThat(west.order("key-destroyed").path("outcome").asString()).isEqualTo("applied");
        advanced(west);

        assertThat(story)
                .as("phases")
                .containsExactly(
                        "publishing",
                        "published",
                        "canary",
                        "activating",
                        "activating",
                        "active",
                        "draining",
                        "retiring",
                        "retired");
        assertThat(waited).as("what was waited for in the other cluster").contains("trusted", "mounted", "leaves");
        Awaitility.await("the other one follows to the end")
                .atMost(PATIENCE)
                .until(() -> east.phase().equals("stable"));
        for (RotatedRegion one : List.of(east, west)) {
            assertThat(one.published()).as("roots").containsExactly(one.newRoot());
            assertThat(one.store().toFile().list()).as("left in the store").containsExactly("rotation.state");
            assertThat(one.verified()).as("its ledger verifies").isZero();
        }
    }

    @Test
    void a_cluster_that_is_cut_off_holds_it_up_by_name_and_since_when() throws IOException {
        lead(east);
        assertThat(east.start(true).path("outcome").asString()).as("start").isEqualTo("applied");
        assertThat(advanced(east)).isEqualTo("publishing");
        toWest.cut();

        Awaitility.await("what was seen of it is too old")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    pass(STEP.multipliedBy(2));
                    return gates(east.order("advance"), "us-west").contains("inventory");
                });
        assertThat(east.phase()).as("held").isEqualTo("publishing");
        JsonNode cluster = cluster(east.status(), "us-west");
        assertThat(cluster.path("trouble").asString()).as("why").contains("127.0.0.1:" + toWest.port());
        assertThat(Instant.parse(cluster.path("silent-since").asString()))
                .as("since when")
                .isBefore(east.now());
        assertThat(Instant.parse(cluster.path("since").asString()))
                .as("lacks something since")
                .isBeforeOrEqualTo(east.now());
        assertThat(cluster.path("lacks").asInt()).as("how much").isPositive();
        assertThat(east.meters.get("trust.rotation.peers.silent").gauge().value())
                .isEqualTo(1);

        toWest.mend();
        assertThat(advanced(east)).as("once it is heard again").isEqualTo("published");
    }

    /** Until every cluster has promised. */
    private static void lead(RotatedRegion one) {
        assertThat(one.order("lead").path("outcome").asString()).as("lead").isEqualTo("applied");
        Awaitility.await("every promise")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> one.status().path("lead").path("role").asString().equals("leads"));
    }

    private String advanced(RotatedRegion lead) {
        Awaitility.await("a step")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    JsonNode answer = lead.order("advance");
                    boolean isDone = answer.path("outcome").asString().equals("applied");
                    waited.addAll(gates(answer, lead == east ? "us-west" : "us-east"));
                    pass(isDone ? Duration.ZERO : STEP);
                    return isDone;
                });
        return lead.phase();
    }

    /** Everybody convinces everybody, in both clusters and between them. */
    private void pass(Duration time) {
        east.pass(time);
        west.renew();
        List<RemoteCredentials> all = new ArrayList<>(east.planes);
        all.addAll(west.planes);
        east.allTalk(all);
    }

    private static List<String> gates(JsonNode answer, String cluster) {
        return answer.path("missing")
                .valueStream()
                .filter(one -> one.path("cluster").asString("").equals(cluster))
                .map(one -> one.path("gate").asString())
                .toList();
    }

    private static JsonNode cluster(JsonNode status, String name) {
        return status.path("clusters")
                .valueStream()
                .filter(one -> one.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
