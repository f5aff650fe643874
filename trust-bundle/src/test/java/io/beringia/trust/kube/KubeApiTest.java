package io.beringia.trust.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.trust.issuance.PodDirectory;
import io.beringia.trust.issuance.PodView;
import io.beringia.trust.issuance.TokenReviewer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KubeApiTest {
    /** A watch stands from its first line on. */
    private static final String BOOKMARK =
            "{\"type\": \"BOOKMARK\", \"object\": {\"apiVersion\": \"v1\", \"kind\": \"Pod\", "
                    + "\"metadata\": {\"resourceVersion\": \"7\"}}}";

    private static final Instant START = Instant.parse("2026-06-01T12:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(START);

    @TempDir
    private Path dir = Path.of("");

    @Test
    void a_token_is_reviewed_for_our_audience() throws IOException {
        try (SmallApi server = new SmallApi();
                KubeApi api = open(server, false)) {
            server.reviews.put("good", """
                    {"authenticated": true, "audiences": ["istio-ca"],
                     "user": {"username": "system:serviceaccount:shop:cart", "groups": ["system:serviceaccounts"],
                              "extra": {"authentication.kubernetes.io/pod-uid": ["u-1"]}}}
                    """);

            assertThat(api.asked().tokens().review("good", "istio-ca"))
                    .as("review")
                    .isEqualTo(new TokenReviewer.Genuine(
                            "system:serviceaccount:shop:cart",
                            Set.of("system:serviceaccounts"),
                            List.of("istio-ca"),
                            Map.of("authentication.kubernetes.io/pod-uid", List.of("u-1"))));
            assertThat(server.questions).as("asked").singleElement().asString().contains("\"good\"", "[\"istio-ca\"]");
        }
    }

    @Test
    void what_the_api_server_does_not_say_is_a_no() throws IOException {
        try (SmallApi server = new SmallApi();
                KubeApi api = open(server, false)) {
            server.reviews.put("nobody", "{\"authenticated\": true}");
            server.reviews.put("nameless", "{\"authenticated\": true, \"user\": {}}");
            server.reviews.put("silent", "{\"user\": {\"username\": \"system:serviceaccount:shop:cart\"}}");
            for (String token : List.of("unknown", "nobody", "nameless", "silent")) {
                assertThat(api.asked().tokens().review(token, "istio-ca"))
                        .as(token)
                        .isInstanceOf(TokenReviewer.Refused.class);
            }
        }
    }

    @Test
    void an_api_server_that_does_not_answer_or_does_not_want_us_is_unreachable() throws IOException {
        SmallApi server = new SmallApi();
        try (KubeApi api = open(server, false)) {
            server.reviews.put("forbidden", "");
            assertThat(api.asked().tokens().review("forbidden", "istio-ca"))
                    .as("HTTP 403")
                    .isEqualTo(new TokenReviewer.Unreachable("token review: HTTP 403"));
            server.close();
            assertThat(api.asked().tokens().review("good", "istio-ca"))
                    .as("nobody there")
                    .isEqualTo(new TokenReviewer.Unreachable("token review: no answer"));
        }
    }

    @Test
    void pods_are_followed_and_a_view_says_when_they_were_seen() throws IOException {
        try (SmallApi server = new SmallApi(
                        SmallApi.pod("cart-1", "cart", "node-1", "Running"),
                        SmallApi.pod("job-1", "job", "node-1", "Succeeded"),
                        SmallApi.pod("new-1", "new", "", "Pending"));
                KubeApi api = open(server, true)) {
            PodDirectory pods = api.asked().pods();
            server.events.add(BOOKMARK);
            await("the list").until(() -> pods.view().byUid().size() == 3);
            assertThat(pods.view())
                    .as("view")
                    .isEqualTo(PodView.of(
                            START,
                            List.of(
                                    pod("cart-1", "cart", Optional.of("node-1"), PodView.Phase.RUNNING),
                                    pod("job-1", "job", Optional.of("node-1"), PodView.Phase.OVER),
                                    pod("new-1", "new", Optional.empty(), PodView.Phase.PENDING))));

            server.events.add("{\"type\": \"MODIFIED\", \"object\": "
                    + SmallApi.pod("new-1", "new", "node-2", "Running")
                            .replace("\"resourceVersion\": \"5\"", "\"resourceVersion\": \"8\"")
                    + "}");
            await("the change")
                    .until(() -> pods.view()
                            .byUid()
                            .containsValue(pod("new-1", "new", Optional.of("node-2"), PodView.Phase.RUNNING)));

            now.set(START.plusSeconds(60));
            assertThat(pods.view().seenAt()).as("while the watch stands").contains(START.plusSeconds(60));
            server.close();
            await("the end of the watch").until(() -> {
                Instant later = now.updateAndGet(
                        before -> Objects.requireNonNull(before).plusSeconds(1));
                return !pods.view().seenAt().equals(Optional.of(later));
            });
            assertThat(pods.view().byUid()).as("the last ones").hasSize(3);
        }
    }

    @Test
    void whoever_follows_no_pods_knows_none() throws IOException {
        try (SmallApi server = new SmallApi(SmallApi.pod("cart-1", "cart", "node-1", "Running"));
                KubeApi api = open(server, false)) {
            assertThat(api.asked().pods().view()).as("view").isEqualTo(PodView.NEVER);
        }
    }

    @Test
    void a_missing_kubeconfig_stops_the_start() {
        Path missing = dir.resolve("missing");
        assertThatThrownBy(() -> KubeApi.open(Optional.of(missing), false, InstantSource.system()))
                .as("no file")
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("kubeconfig: " + missing + " (expected: a readable file)");
    }

    @Test
    void no_token_crosses_a_network_in_the_open() throws IOException {
        try (SmallApi server = new SmallApi()) {
            for (String elsewhere : List.of("10.0.0.1", "127.evil.example", "[::2]")) {
                Path file = Files.writeString(
                        dir.resolve("elsewhere"), server.kubeconfig().replace("127.0.0.1", elsewhere));
                assertThatThrownBy(() -> KubeApi.open(Optional.of(file), false, InstantSource.system()))
                        .as(elsewhere)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("(expected: https, or a loopback address)");
            }
        }
    }

    private KubeApi open(SmallApi server, boolean withPods) throws IOException {
        Path file = Files.writeString(dir.resolve("kubeconfig"), server.kubeconfig());
        return KubeApi.open(Optional.of(file), withPods, now::get);
    }

    private static PodView.Pod pod(String name, String account, Optional<String> node, PodView.Phase phase) {
        return new PodView.Pod("shop", name, "uid-" + name, account, node, phase);
    }

    private static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(Duration.ofSeconds(30));
    }
}
