package io.beringia.discovery.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.apiserver.LabApi;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lab keeps the contract, and what it does besides. */
final class LabContractTest implements FollowedContract, ObjectContract, ServedContract, WatchContract {
    @TempDir
    private Path directory;

    private LabApi api;
    private LabApiServer lab;
    private KubernetesClient client;
    private String manifests = "";

    @BeforeEach
    void start() {
        manifests = Shop.manifests("shop", "10.96.7.1");
        api = LabApi.start(directory, manifests);
        lab = api.lab();
        client = shop().client();
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Override
    public Shop shop() {
        return new Shop(api, "shop", "10.96.7.1");
    }

    @Test
    void a_web_socket_is_answered_503() throws Exception {
        try (Socket socket = new Socket(lab.uri().getHost(), lab.uri().getPort())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write(
                            "GET /api/v1/pods?watch=true HTTP/1.1\r\nHost: lab\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .as("status line")
                    .isEqualTo("HTTP/1.1 503");
        }
    }

    @Test
    void a_changed_manifest_is_served_and_a_broken_one_named() throws Exception {
        Files.writeString(directory.resolve("broken.yaml"), "apiVersion: v1\nkind: Pod\nmetadata: {name: [\n");
        Files.writeString(directory.resolve(LabApi.MANIFESTS), manifests.replace("port: 80,", "port: 81,"));

        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            Service cart = client.services().withName("cart").get();
            assertThat(cart.getSpec().getPorts().getFirst().getPort())
                    .as("the new port")
                    .isEqualTo(81);
            assertThat(lab.problems())
                    .extracting(ManifestProblem::file)
                    .as("broken")
                    .containsExactly("broken.yaml");
        });

        Files.delete(directory.resolve("broken.yaml"));
        Files.writeString(directory.resolve(LabApi.MANIFESTS), manifests.substring(0, manifests.lastIndexOf("---")));

        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            assertThat(client.pods().list().getItems()).as("pods").isEmpty();
            assertThat(lab.problems()).as("broken").isEmpty();
        });
    }

    @Test
    void a_file_that_breaks_takes_nothing_away() throws Exception {
        Files.writeString(
                directory.resolve(LabApi.MANIFESTS), manifests.replace("name: app, image", "name: [app, image"));

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(lab.problems()).as("broken").hasSize(1));
        assertThat(client.pods().list().getItems()).as("pods").hasSize(1);
    }

    @Test
    void a_secret_is_never_printed() {
        assertThat(LabApi.TOKEN.toString()).as("token as text").doesNotContain("cart-token");
    }

    @Test
    void faults_show_and_heal() throws Exception {
        lab.fail(new LabFault.EmptyLists());
        assertThat(client.pods().list().getItems()).as("under an empty list").isEmpty();

        lab.fail(new LabFault.VersionsBackwards(Long.MAX_VALUE / 2));
        assertThat(client.pods().list().getMetadata().getResourceVersion())
                .as("version")
                .isEqualTo("1");

        lab.fail(new LabFault.Freeze());
        HttpRequest probe = HttpRequest.newBuilder(lab.uri().resolve("/readyz"))
                .timeout(Duration.ofMillis(300))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            assertThatThrownBy(() -> http.send(probe, HttpResponse.BodyHandlers.discarding()))
                    .as("under a freeze")
                    .isInstanceOf(IOException.class);
        }

        lab.fail(new LabFault.None());
        assertThat(client.pods().list().getItems()).as("healed").hasSize(1);
    }

    @Test
    void a_half_open_watch_says_nothing_more_and_later_ones_do() throws Exception {
        WatchContract.Seen before = new WatchContract.Seen();
        WatchContract.Seen after = new WatchContract.Seen();
        String version = client.pods().list().getMetadata().getResourceVersion();
        ListOptions from = new ListOptionsBuilder().withResourceVersion(version).build();

        try (Watch _ = client.pods().watch(from, before)) {
            client.pods().resource(shop().pod("web-1")).create();
            assertThat(before.next()).isEqualTo("ADDED web-1");
            lab.fail(new LabFault.HalfOpen());
            client.pods().resource(shop().pod("web-2")).create();

            try (Watch _ = client.pods().watch(from, after)) {
                assertThat(after.next()).isEqualTo("ADDED web-1");
                assertThat(after.next()).isEqualTo("ADDED web-2");
                lab.fail(new LabFault.None());
                client.pods().resource(shop().pod("web-3")).create();
                assertThat(after.next()).isEqualTo("ADDED web-3");
            }
            assertThat(before.isSilent()).as("for good").isTrue();
        }
    }

    @Test
    void a_busy_lab_says_when_to_come_back() {
        lab.fail(new LabFault.Busy(Duration.ofSeconds(7)));

        var answer = shop().api().get("/api/v1/pods");

        assertThat(answer.code()).isEqualTo(429);
        assertThat(answer.header("Retry-After")).isEqualTo("7");
        assertThat(shop().api().get("/readyz").code()).as("it lives").isEqualTo(200);
    }

    @Test
    void a_wrong_clock_shows_in_what_is_made() {
        lab.fail(new LabFault.ClockSkew(Duration.ofDays(-3_650)));

        Pod made = client.pods().resource(shop().pod("web-1")).create();

        assertThat(Instant.parse(made.getMetadata().getCreationTimestamp()))
                .isBefore(Instant.now().minus(Duration.ofDays(3_000)));
    }

    @Test
    void listens_on_loopback_only() {
        assertThatThrownBy(() -> new LabApiServer.Options(
                        directory, new InetSocketAddress("0.0.0.0", 0), Duration.ofSeconds(1), List.of()))
                .as("every address")
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("loopback");
    }
}
