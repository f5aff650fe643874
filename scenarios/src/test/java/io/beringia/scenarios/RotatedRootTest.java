package io.beringia.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Destination;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.wire.FileCatalog;
import io.beringia.gateway.host.HostConfig;
import io.beringia.gateway.host.HostMain;
import io.beringia.trust.cli.CaCommand;
import io.beringia.trust.client.HttpTls;
import io.beringia.trust.client.RemoteCredentials;
import io.beringia.trust.client.RemoteSource;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.pki.PemFile;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A region whose root is replaced while two host proxies talk: the CA is a process of its own, which is killed in the
 * middle. Every connection that is tried has to come about.
 */
final class RotatedRootTest {
    private static final Duration STEP = Duration.ofMinutes(1);
    private static final int CONNECTIONS_AT_ONCE = 10;
    private static final ServiceName ECHO = new ServiceName("demo", "echo.demo.svc.cluster.local");
    private static final Network WEST = new Network("west");

    @TempDir
    private Path dir = Path.of("");

    private final String prefix = "127." + ThreadLocalRandom.current().nextInt(120, 250) + "."
            + ThreadLocalRandom.current().nextInt(1, 250) + ".";
    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.now().truncatedTo(ChronoUnit.SECONDS));
    private final InstantSource clock = now::get;
    private final Workload client = workload("client", 1).build();
    private final Workload server = workload("echo", 2)
            .services(Map.of(ECHO, List.of(new ServicePort(80, 8080))))
            .build();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<RemoteCredentials> planes = new ArrayList<>();
    private int issuance;
    private int api;
    private Process trust;
    private int connections;
    private int handshakes;

    @BeforeEach
    void start() throws Exception {
        ca(dir, "1");
        ca(dir.resolve("new"), "2");
        Files.copy(dir.resolve("root-cert.pem"), dir.resolve("first-root.pem"));
        issuance = freePort();
        api = freePort();
        turn(Duration.ZERO);
        trust = launched();
        for (String account : List.of("client", "echo", "ann")) {
            planes.add(identity(account));
        }
        open.addAll(planes);
        Path catalogFile = dir.resolve("catalog.yaml");
        Files.writeString(
                catalogFile,
                FileCatalog.print(Catalog.of(
                        1,
                        PlanVersion.NONE,
                        List.of(client, server),
                        List.of(service()),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of())));
        FileCatalog catalog = FileCatalog.open(catalogFile, (file, problems) -> {});
        open.add(catalog);
        open.add(echoing());
        open.add(host(calling(), planes.get(0), catalog));
        open.add(host(called(), planes.get(1), catalog));
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
        trust.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
    }

    @Test
    void a_root_is_replaced_under_load_after_one_way_back_and_though_the_ca_is_killed_in_the_middle() throws Exception {
        start("active");
        assertThat(order("rollback").path("detail").asString()).isEqualTo("now rolling-back");
        reach("stable");
        assertThat(roots()).as("after the way back").isEqualTo(PemFile.certificates(dir.resolve("first-root.pem")));

        start("active");
        trust.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
        talk();
        trust = launched();
        reach("retired");
        assertThat(order("key-destroyed").path("outcome").asString())
                .as("last gate")
                .isEqualTo("applied");
        reach("stable");

        assertThat(roots()).as("in the end").isEqualTo(PemFile.certificates(dir.resolve("new/root-cert.pem")));
        talk();
        assertThat(connections).as("connections, all of which came about").isGreaterThan(100);
        assertThat(handshakes).as("handshakes, all of which came about").isGreaterThan(10);
    }

    private void start(String until) throws Exception {
        assertThat(order("start", ", \"by-hand\": true").path("outcome").asString())
                .as("start")
                .isEqualTo("applied");
        reach(until);
    }

    private List<X509Certificate> roots() {
        return PemFile.certificates(dir.resolve("west-1/root-cert.pem"));
    }

    /** Time goes on and everybody talks until the rotation stands there; nobody waits for its next look. */
    private void reach(String phase) {
        Awaitility.await(phase)
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    turn(STEP);
                    talk();
                    return order("advance")
                            .path("status")
                            .path("phase")
                            .asString()
                            .equals(phase);
                });
    }

    private void turn(Duration time) throws IOException {
        Instant next = clock.instant().plus(time);
        Path draft = Files.writeString(dir.resolve("clock.new"), next.toString());
        Files.move(draft, ClockedTrust.clockFile(dir), StandardCopyOption.ATOMIC_MOVE);
        now.set(next);
        for (RemoteCredentials plane : planes) {
            if (next.isAfter(plane.svid().notAfter().minus(ClockedTrust.LEAF_LIFE.dividedBy(2)))) {
                plane.renew();
            }
        }
    }

    /** Connections through both proxies, and a handshake that no pool has made before. */
    private void talk() throws IOException {
        for (int i = 0; i < CONNECTIONS_AT_ONCE; i++) {
            try (Socket socket = new Socket(ip(1), 7_080)) {
                socket.setSoTimeout(20_000);
                socket.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
                socket.shutdownOutput();
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .as("echo, at %s", now)
                        .isEqualTo("hello");
                connections++;
            }
        }
        SSLContext tls =
                new HttpTls(planes.get(0), new SpiffeVerifier(), clock).client(ClockedTrust.id("echo")::equals);
        try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(ip(2), 15_008)) {
            socket.setSoTimeout(20_000);
            SSLParameters parameters = HttpTls.newest(tls);
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            assertThat(socket.getInputStream().readNBytes(9))
                    .as("SETTINGS, at %s", now)
                    .hasSize(9);
            handshakes++;
        }
    }

    private Process launched() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-Dio.netty.noUnsafe=true",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ClockedTrust.class.getName(),
                        dir.toString(),
                        "127.0.0.1",
                        String.valueOf(issuance),
                        String.valueOf(api),
                        ip(2))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        dir.resolve("trust.log").toFile()))
                .start();
        Awaitility.await("a CA").atMost(Duration.ofSeconds(60)).until(() -> {
            assertThat(process.isAlive()).as(() -> "runs: " + log()).isTrue();
            try (Socket socket = new Socket("127.0.0.1", issuance)) {
                return socket.isConnected();
            } catch (IOException notYet) {
                return false;
            }
        });
        return process;
    }

    private String log() {
        try {
            return Files.readString(dir.resolve("trust.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RemoteCredentials identity(String account) throws IOException {
        Path token = Files.writeString(dir.resolve(account + ".token"), ClockedTrust.token(account));
        return RemoteCredentials.open(
                new RemoteSource(
                        "127.0.0.1",
                        issuance,
                        ClockedTrust.SERVER,
                        dir.resolve("first-root.pem"),
                        token,
                        ClockedTrust.LEAF_LIFE,
                        Optional.of(ClockedTrust.id(account))),
                clock,
                news -> {});
    }

    private JsonNode order(String verb) throws Exception {
        return order(verb, "");
    }

    private JsonNode order(String verb, String more) throws Exception {
        HttpTls tls = new HttpTls(planes.getLast(), new SpiffeVerifier(), clock);
        HttpClient http = HttpClient.newBuilder()
                .sslContext(tls.client(ClockedTrust.SERVER::equals))
                .build();
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + api + "/v1/rotation"))
                    .timeout(Duration.ofSeconds(20))
                    .POST(HttpRequest.BodyPublishers.ofString(
                            "{\"verb\": \"" + verb + "\", \"reason\": \"a test\"" + more + "}"))
                    .build();
            return JsonMapper.shared()
                    .readTree(http.send(request, HttpResponse.BodyHandlers.ofString())
                            .body());
        } finally {
            http.shutdownNow();
        }
    }

    private HostMain host(HostConfig config, RemoteCredentials credentials, FileCatalog catalog) {
        return HostMain.start(config, credentials, new SpiffeVerifier(), catalog, new SimpleMeterRegistry(), clock);
    }

    private HostConfig calling() {
        return new HostConfig(
                client.uid(),
                IpAddress.parse(ip(1)),
                1,
                Optional.empty(),
                List.of(new HostConfig.Listener(
                        SocketAddress.parse(ip(1) + ":7080"), new Destination.ByName(ECHO.hostname(), 80))),
                false,
                Optional.empty());
    }

    private HostConfig called() {
        IpAddress own = IpAddress.parse(ip(2));
        return new HostConfig(
                server.uid(),
                own,
                1,
                Optional.empty(),
                List.of(),
                false,
                Optional.of(new HostConfig.Inbound(new SocketAddress(own, 15_008), own, Set.of(), Set.of(), false)));
    }

    private AutoCloseable echoing() throws IOException {
        ServerSocket listening = new ServerSocket();
        listening.setReuseAddress(true);
        listening.bind(new InetSocketAddress(ip(2), 8_080));
        Thread.ofVirtual().start(() -> {
            while (!listening.isClosed()) {
                try (Socket socket = listening.accept()) {
                    socket.setSoTimeout(20_000);
                    socket.getInputStream().transferTo(socket.getOutputStream());
                } catch (IOException broken) {
                    // the next one is another
                }
            }
        });
        return listening;
    }

    private Workload.Builder workload(String account, int last) {
        return Workload.named("west-1//Pod/demo/" + account, "demo", account, new ClusterId("west-1"), WEST)
                .identity(ClockedTrust.DOMAIN, account)
                .addresses(List.of(IpAddress.parse(ip(last))));
    }

    private static Service service() {
        return new Service(
                ECHO,
                List.of(),
                List.of(new ServicePort(80, 8080)),
                List.of(ClockedTrust.id("echo")),
                Optional.empty(),
                LoadBalancing.LOCAL_FIRST,
                true,
                false);
    }

    private String ip(int last) {
        return prefix + last;
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return free.getLocalPort();
        }
    }

    private static void ca(Path folder, String generation) {
        for (List<String> command : List.of(
                List.of("root", "--demo", "--trust-domain", "corp.example", "--generation", generation),
                List.of("intermediate", "--name", "west-1"))) {
            List<String> all = new ArrayList<>(command);
            all.addAll(List.of("--dir", folder.toString()));
            int code = new CommandLine(new CaCommand())
                    .setOut(new PrintWriter(Writer.nullWriter()))
                    .setErr(new PrintWriter(Writer.nullWriter()))
                    .execute(all.toArray(String[]::new));
            assertThat(code).as("%s", command).isZero();
        }
    }
}
