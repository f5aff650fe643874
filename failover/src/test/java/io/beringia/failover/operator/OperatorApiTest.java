package io.beringia.failover.operator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.failover.LabIdentities;
import io.beringia.trust.client.HttpTls;
import io.beringia.trust.client.SpiffeVerifier;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A leader that does not answer, or whose operators are too many, over real mutual TLS. */
final class OperatorApiTest {
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);
    private static final String EVACUATE =
            "{\"verb\":\"evacuate\",\"region\":\"us-east\",\"reason\":\"test\",\"expires\":\"1h\"}";

    @TempDir
    private static Path folder;

    private static LabIdentities identities;

    private final HangingDesk desk = new HangingDesk();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final HttpClient client = HttpClient.newBuilder()
            .sslContext(tls("alice").client(LabIdentities.id("failover")::equals))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private Optional<OperatorApi> started = Optional.empty();

    @BeforeAll
    static void identify() {
        identities = LabIdentities.in(folder);
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        started.ifPresent(OperatorApi::close);
    }

    @Test
    void a_command_too_many_is_told_so_at_once_and_the_status_is_shown_meanwhile() throws Exception {
        OperatorApi api = start(new OperatorApi.Bounds(2, LONG_ENOUGH, LONG_ENOUGH.plusSeconds(1)));
        List<CompletableFuture<HttpResponse<String>>> waiting = List.of(sent(api), sent(api));
        await().atMost(LONG_ENOUGH).until(() -> api.waiting() == 2 && desk.asked.size() == 2);

        HttpResponse<String> busy = sent(api).join();

        assertThat(busy.statusCode()).isEqualTo(503);
        assertThat(busy.headers().firstValue("Retry-After")).contains("1");
        assertThat(busy.body()).contains("\"busy\"", "2 commands wait for the leader (expected: fewer;");
        assertThat(desk.asked).as("the leader never heard of it").hasSize(2);
        assertThat(client.send(request(api, "/v1/status").GET().build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(200);
        desk.asked.forEach(one -> one.complete(new Reply.NoLeader()));
        assertThat(waiting).allSatisfy(one -> assertThat(one.join().body()).contains("no-leader"));
        await().atMost(LONG_ENOUGH).until(() -> api.waiting() == 0);
        assertThat(heard).contains("evacuate busy", "status shown", "evacuate no-leader");
    }

    @Test
    void a_decision_that_hangs_is_given_up_and_nobody_pretends_to_know_what_became_of_it() throws Exception {
        OperatorApi api = start(new OperatorApi.Bounds(1, Duration.ofMillis(50), LONG_ENOUGH));

        HttpResponse<String> late = sent(api).join();

        assertThat(late.statusCode()).isEqualTo(503);
        assertThat(late.headers().firstValue("Retry-After")).contains("1");
        assertThat(late.body()).contains("\"late\"", "no reply within 50 ms; it may still be applied");
        assertThat(api.waiting()).as("its place is free again").isZero();
        await().atMost(LONG_ENOUGH).until(() -> heard.contains("evacuate late"));
    }

    /** Whoever begins a request and never ends it loses his connection, and the others are served. */
    @Test
    void a_body_that_never_ends_is_cut_off() throws Exception {
        OperatorApi api = start(new OperatorApi.Bounds(1, Duration.ofMillis(1), Duration.ofMillis(500)));
        try (Socket socket = tls("alice")
                .client(LabIdentities.id("failover")::equals)
                .getSocketFactory()
                .createSocket("127.0.0.1", api.address().getPort())) {
            socket.setSoTimeout(Math.toIntExact(LONG_ENOUGH.toMillis()));
            socket.getOutputStream()
                    .write("POST /v1/commands HTTP/1.1\r\nHost: api\r\nContent-Length: 100\r\n\r\n{".getBytes(UTF_8));
            assertThat(isCutOff(socket)).isTrue();
        }
        assertThat(desk.asked).isEmpty();
    }

    /** At its end or by a reset, before our own patience is. */
    private static boolean isCutOff(Socket socket) throws SocketTimeoutException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException stillOpen) {
            throw stillOpen;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void bounds_that_make_no_sense_are_refused() {
        assertThatThrownBy(() -> new OperatorApi.Bounds(0, Duration.ofSeconds(1), Duration.ofSeconds(2)))
                .hasMessageContaining("operator-api: 0 waiting, PT1S of PT2S (expected: at least 1,");
        assertThatThrownBy(() -> new OperatorApi.Bounds(1, Duration.ofSeconds(2), Duration.ofSeconds(2)))
                .hasMessageContaining("a reply within a request");
    }

    private OperatorApi start(OperatorApi.Bounds bounds) {
        OperatorApi api = OperatorApi.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                tls("failover"),
                Set.of(LabIdentities.id("alice")),
                desk,
                (verb, outcome, caller) -> heard.add(verb + " " + outcome),
                bounds);
        started = Optional.of(api);
        return api;
    }

    private CompletableFuture<HttpResponse<String>> sent(OperatorApi api) {
        return client.sendAsync(
                request(api, "/v1/commands")
                        .POST(HttpRequest.BodyPublishers.ofString(EVACUATE))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(OperatorApi api, String path) {
        return HttpRequest.newBuilder(
                        URI.create("https://127.0.0.1:" + api.address().getPort() + path))
                .timeout(LONG_ENOUGH);
    }

    private static HttpTls tls(String account) {
        return new HttpTls(identities.credentials(account), new SpiffeVerifier(), InstantSource.system());
    }

    /** Takes every command and answers when the test does. */
    private static final class HangingDesk implements OperatorDesk {
        final List<CompletableFuture<Reply>> asked = new CopyOnWriteArrayList<>();

        @Override
        public CompletableFuture<Reply> ask(OperatorCommand command) {
            CompletableFuture<Reply> reply = new CompletableFuture<>();
            asked.add(reply);
            return reply;
        }

        @Override
        public CompletableFuture<Reply> whatIf(OperatorCommand command) {
            return ask(command);
        }

        @Override
        public RegionsStatus status() {
            return new RegionsStatus(
                    new RegionId("us-east"), "auto", List.of(), Optional.empty(), List.of(), List.of());
        }
    }
}
