package io.beringia.failover.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.failover.LabIdentities;
import io.beringia.trust.client.HttpTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.SpiffeId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ConsoleServerTest {
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

    @TempDir
    private static Path folder;

    private static LabIdentities identities;
    private static HttpTls ours;

    private final AtomicReference<ConsoleView> shown = new AtomicReference<>(Scenes.calm());
    private final AtomicInteger dropped = new AtomicInteger();
    private final List<String> callers = new CopyOnWriteArrayList<>();
    private ConsoleServer console;

    @BeforeAll
    static void identify() {
        identities = LabIdentities.in(folder);
        ours = tls("failover");
    }

    @BeforeEach
    void start() throws IOException {
        console = start(Set.of());
    }

    @AfterEach
    void stop() {
        console.close();
    }

    @Test
    void a_picture_is_what_the_documentation_shows() throws Exception {
        shown.set(Scenes.lost());
        JsonNode picture = JsonMapper.shared().readTree(get("/v1/console").body());
        Path golden = Path.of("src/test/resources/io/beringia/failover/console/picture.json");
        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(golden, picture.toPrettyString() + "\n");
        }
        assertThat(picture).isEqualTo(JsonMapper.shared().readTree(Files.readString(golden)));
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html; charset=utf-8",
        "/console.css, text/css; charset=utf-8",
        "/console.js, text/javascript; charset=utf-8",
        "/map.js, text/javascript; charset=utf-8",
        "/icon.svg, image/svg+xml",
        "/v1/console, application/json",
    })
    void everything_comes_with_headers_that_let_nothing_else_in(String path, String type) throws Exception {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "Content-Type")).isEqualTo(type);
        assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(response, "Cache-Control")).isEqualTo("no-store");
        assertThat(header(response, "Content-Security-Policy"))
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe", "http:", "https:", "*");
    }

    @Test
    void the_page_has_no_script_or_style_in_it_and_loads_nothing_of_others() throws Exception {
        for (String path : List.of("/", "/console.css", "/console.js", "/elements.js", "/map.js", "/sections.js")) {
            assertThat(get(path).body().replace("http://www.w3.org/2000/svg", ""))
                    .as(path)
                    .doesNotContain("http://", "https://", "innerHTML", "style=", "onclick", "document.write", "eval(")
                    .doesNotContainPattern("<script(?![^>]* src=\"/)");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, 200",
        "localhost:15037, 200",
        "LOCALHOST:9000, 200",
        "127.0.0.1:15037, 200",
        "127.9.8.7, 200",
        "[::1]:15037, 200",
        "evil.example, 421",
        "evil.example:15037, 421",
        "127.0.0.1.evil.example, 421",
        "localhost.evil.example:15037, 421",
        "10.0.0.1:15037, 421",
        "::1, 421",
        "'', 421",
    })
    void only_names_of_this_computer_are_answered(String host, int status) throws Exception {
        assertThat(raw("GET /v1/console HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 " + status + " ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host: localhost\r\nHost: evil.example\r\n", ""})
    void two_names_and_none_are_no_name(String hosts) throws Exception {
        assertThat(raw("GET / HTTP/1.1\r\n" + hosts + "Connection: close\r\n\r\n"))
                .containsPattern("^HTTP/1.1 4");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /v1/console, 405",
        "DELETE, /, 405",
        "GET, /v1/commands, 404",
        "GET, /../../etc/passwd, 404",
        "GET, /console/package-info.class, 404",
    })
    void nothing_can_be_changed_here_and_nothing_else_be_read(String method, String path, int status) throws Exception {
        assertThat(raw(method + " " + path
                        + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 " + status + " ");
    }

    @Test
    void a_page_of_another_origin_may_link_here_and_not_read() throws Exception {
        String head = " HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\nConnection: close\r\n\r\n";
        assertThat(raw("GET /" + head)).startsWith("HTTP/1.1 200 ");
        assertThat(raw("GET /v1/console" + head)).startsWith("HTTP/1.1 403 ");
        assertThat(raw("GET /v1/events" + head)).startsWith("HTTP/1.1 403 ");
    }

    @Test
    void whoever_watches_is_told_at_once_and_again_when_something_happens() throws Exception {
        try (Socket socket = connect();
                BufferedReader lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))) {
            send(socket, "GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(lines.readLine()).startsWith("HTTP/1.1 200");
            assertThat(picture(lines)
                            .path("status")
                            .path("outlook")
                            .path("level")
                            .asString())
                    .isEqualTo("WELL");

            shown.set(Scenes.lost());
            JsonNode next = picture(lines);
            while (!next.path("status").path("outlook").path("level").asString().equals("TROUBLE")) {
                next = picture(lines);
            }
            assertThat(next.path("timeline").path(0).path("what").asString()).isEqualTo("EVACUATING → EVACUATED");
        }
        await().atMost(LONG_ENOUGH).until(() -> console.watching() == 0);
    }

    @Test
    void nobody_beyond_a_team_watches_at_once() throws Exception {
        List<Socket> team = new ArrayList<>();
        try {
            for (int watcher = 0; watcher < Streams.STREAMS_MAX; watcher++) {
                team.add(connect());
                send(team.getLast(), "GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
            }
            await().atMost(LONG_ENOUGH).until(() -> console.watching() == Streams.STREAMS_MAX);
            assertThat(raw("GET /v1/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 503 ")
                    .contains("16 watch already");
        } finally {
            for (Socket socket : team) {
                socket.close();
            }
        }
    }

    @Test
    void who_does_not_read_is_dropped_and_never_waited_for() throws Exception {
        Streams streams = new Streams(dropped::incrementAndGet);
        byte[] large = new byte[4 << 20];
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        server.setExecutor(Thread::startVirtualThread);
        server.createContext("/", exchange -> streams.join(exchange, large));
        server.start();
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.getAddress().getPort())) {
            send(socket, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            await().atMost(LONG_ENOUGH).until(() -> streams.count() == 1);
            for (int picture = 0; picture < 3 * Streams.QUEUE_PICTURES; picture++) {
                streams.publish(large);
            }
            assertThat(streams.count()).as("after more than its queue holds").isZero();
            assertThat(dropped).hasValue(1);
            assertThatThrownBy(() -> drained(socket))
                    .as("its connection is cut")
                    .isInstanceOf(IOException.class);
        } finally {
            streams.close();
            server.stop(0);
        }
    }

    @Test
    void from_elsewhere_only_readers_may_look_by_their_exact_identity() throws Exception {
        console.close();
        console = start(Set.of(LabIdentities.id("alice")));
        assertThat(secured("alice").statusCode()).isEqualTo(200);
        assertThat(secured("alic")).satisfies(response -> {
            assertThat(response.statusCode()).isEqualTo(403);
            assertThat(response.body())
                    .contains("spiffe://cluster.local/ns/beringia-system/sa/alic (expected: one of console.readers)");
        });
        assertThat(callers)
                .containsExactly(
                        LabIdentities.id("alice").toString(),
                        LabIdentities.id("alic").toString());
    }

    @Test
    void a_console_that_everybody_could_reach_needs_readers() {
        SocketAddress anywhere = SocketAddress.parse("0.0.0.0:15037");
        assertThatThrownBy(() -> new ConsoleConfig(anywhere, Set.of(), Optional.empty()))
                .hasMessageContaining("console.listen: 0.0.0.0:15037 without readers (expected: a loopback address,");
        assertThat(new ConsoleConfig(anywhere, Set.of(LabIdentities.id("alice")), Optional.empty()))
                .isNotNull();
    }

    @Test
    void an_address_that_is_taken_is_named() {
        assertThatThrownBy(() -> ConsoleServer.start(
                        new ConsoleConfig(
                                SocketAddress.parse(
                                        "127.0.0.1:" + console.address().getPort()),
                                Set.of(),
                                Optional.empty()),
                        ours,
                        shown::get,
                        listener()))
                .hasMessageStartingWith("console.listen: cannot listen on 127.0.0.1:");
    }

    private ConsoleServer start(Set<SpiffeId> readers) throws IOException {
        return ConsoleServer.start(
                new ConsoleConfig(SocketAddress.parse("127.0.0.1:" + freePort()), readers, Optional.empty()),
                ours,
                shown::get,
                listener());
    }

    private ConsoleServer.Listener listener() {
        return new ConsoleServer.Listener() {
            @Override
            public void onAnswered(int status, String caller) {
                callers.add(caller);
            }

            @Override
            public void onDropped() {
                dropped.incrementAndGet();
            }
        };
    }

    private static HttpTls tls(String account) {
        return new HttpTls(identities.credentials(account), new SpiffeVerifier(), InstantSource.system());
    }

    private HttpResponse<String> get(String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(
                                    "http://127.0.0.1:" + console.address().getPort() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private HttpResponse<String> secured(String account) throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(tls(account).client(LabIdentities.id("failover")::equals))
                .build()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(
                                    "https://127.0.0.1:" + console.address().getPort() + "/v1/console"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("none");
    }

    private String raw(String request) throws IOException {
        try (Socket socket = connect()) {
            send(socket, request);
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private Socket connect() throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), console.address().getPort());
        socket.setSoTimeout((int) LONG_ENOUGH.toMillis());
        return socket;
    }

    private static void send(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(UTF_8));
    }

    /** The next picture of a stream; what stands between events is read over. */
    private static JsonNode picture(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        while (!line.startsWith("data: ")) {
            line = lines.readLine();
        }
        return JsonMapper.shared().readTree(line.substring("data: ".length()));
    }

    /** Everything until the end, which an aborted chunked body does not have. */
    private static void drained(Socket socket) throws IOException {
        socket.setSoTimeout((int) LONG_ENOUGH.toMillis());
        String all = new String(socket.getInputStream().readAllBytes(), UTF_8);
        if (!all.endsWith("\r\n0\r\n\r\n")) {
            throw new IOException("ended in the middle");
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return free.getLocalPort();
        }
    }
}
