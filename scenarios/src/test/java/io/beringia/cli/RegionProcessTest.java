package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.lab.LabApiServer;
import io.beringia.discovery.lab.LabToken;
import io.beringia.discovery.wire.FileCatalog;
import io.beringia.trust.cli.CaCommand;
import io.beringia.trust.client.CredentialFiles;
import io.beringia.trust.client.FileCredentials;
import io.beringia.trust.client.HttpTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.pki.Fingerprint;
import io.beringia.trust.pki.PemFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class RegionProcessTest {
    private static final String LOCAL = "127.0.0.1";
    private static final String OPEN = "gateway_connections_open ";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Queue<String> said = new ConcurrentLinkedQueue<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Startup startup = new Startup(ended, said::add);
    private final int certificates = freePort();
    private final int admin = freePort();
    private final int tunnels = freePort();
    private final List<SSLSocket> sockets = new ArrayList<>();

    @TempDir
    private Path directory = Path.of("");

    @BeforeEach
    void write_files() throws IOException {
        ca("root", "--demo", "--trust-domain", "corp.example");
        ca("intermediate", "--name", "east-1");
        Files.writeString(directory.resolve("token"), "token-of-the-gateway");
        Files.writeString(
                directory.resolve("catalog.yaml"),
                FileCatalog.print(Catalog.of(
                        1, PlanVersion.NONE, List.of(), List.of(), List.of(), List.of(), List.of(), List.of())));
    }

    @AfterEach
    void end() throws IOException {
        ended.countDown();
        for (SSLSocket socket : sockets) {
            socket.close();
        }
    }

    @Test
    void a_role_waits_for_its_certificate_and_starts_when_the_certificate_server_is_there() throws Exception {
        FutureTask<RegionProcess> gateway = inBackground(() -> start(admin, gatewayYaml()));
        await("a word of what is awaited").atMost(PATIENCE).until(() -> !said.isEmpty());
        assertThat(said.peek())
                .as("what and why")
                .contains("waiting for first certificate from " + LOCAL + ":" + certificates, "UNAVAILABLE");
        assertThat(ready()).as("at the admin port").contains("awaiting", "first certificate from");

        try (RegionProcess trust = start(freePort(), trustYaml());
                RegionProcess up = gateway.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            assertThat(trust.awaited()).as("trust").isEmpty();
            assertThat(up.awaited()).as("gateway").isEmpty();
            assertThat(ready()).as("at the admin port").isEqualTo("ready\n");
        }
    }

    @Test
    void roles_of_one_process_get_their_certificates_from_its_own_certificate_server() throws Exception {
        try (RegionProcess process = start(admin, trustYaml() + gatewayYaml())) {
            assertThat(process.awaited()).as("awaited").isEmpty();
            assertThat(said).as("waited for").isEmpty();
        }
    }

    @Test
    void a_token_that_the_lab_knows_is_good_for_a_certificate() throws Exception {
        LabToken token = new LabToken("token-of-the-gateway", "beringia-system", "gateway", List.of("istio-ca"));
        try (LabApiServer lab = LabApiServer.start(
                new LabApiServer.Options(
                        Files.createDirectory(directory.resolve("manifests")),
                        new InetSocketAddress(LOCAL, 0),
                        PATIENCE,
                        List.of(token)),
                InstantSource.system())) {
            Files.writeString(directory.resolve("kubeconfig"), lab.kubeconfig());

            try (RegionProcess process = start(admin, reviewingYaml() + gatewayYaml())) {
                assertThat(process.awaited()).as("awaited").isEmpty();
                assertThat(said).as("waited for").isEmpty();
            }
        }
    }

    @Test
    void roles_refuse_whom_the_process_denies() throws Exception {
        Path cart = cart();
        Path denylist = directory.resolve("denylist.txt");
        Files.writeString(denylist, "");
        try (RegionProcess process =
                start(admin, "revocation: {denylist: denylist.txt}\nroles:\n" + trustYaml() + gatewayYaml())) {
            connect(cart);
            await("a peer of ours")
                    .atMost(PATIENCE)
                    .until(() -> said("/metrics").contains(OPEN + "1.0"));

            Files.writeString(denylist, "id spiffe://corp.example/ns/shop/sa/cart\n");
            await("its end").atMost(PATIENCE).until(() -> said("/metrics").contains(OPEN + "0.0"));

            connect(cart);
            await("its refusal").atMost(PATIENCE).until(() -> said("/metrics").contains("reason=\"denied\""));
            assertThat(process.awaited()).as("all others go on").isEmpty();
        }
    }

    /** The issuer of all, its own gateway's too, may from one moment on speak for that gateway's namespace alone. */
    @Test
    void roles_refuse_for_whom_their_issuer_may_not_speak() throws Exception {
        Path cart = cart();
        Path issuers = directory.resolve("issuers.txt");
        Files.writeString(issuers, "");
        String limits = "verifier: {virtual-constraints: enforce, issuers: issuers.txt}\nroles:\n";
        try (RegionProcess process = start(admin, limits + trustYaml() + gatewayYaml())) {
            connect(cart);
            await("a peer of ours")
                    .atMost(PATIENCE)
                    .until(() -> said("/metrics").contains(OPEN + "1.0"));

            Files.writeString(issuers, "key " + keyOf("east-1/ca-cert.pem") + " namespace=beringia-system\n");
            await("its end").atMost(PATIENCE).until(() -> said("/metrics").contains(OPEN + "0.0"));

            connect(cart);
            await("its refusal")
                    .atMost(PATIENCE)
                    .until(() -> said("/metrics")
                            .contains("trust_verify_total{outcome=\"rejected\",reason=\"virtual-constraint\"}"));
            assertThat(process.awaited()).as("all others go on").isEmpty();
        }
    }

    private Path cart() {
        Path cart = directory.resolve("cart");
        ca(
                "workload",
                "--name",
                "east-1",
                "--namespace",
                "shop",
                "--service-account",
                "cart",
                "--out",
                cart.toString());
        return cart;
    }

    private String keyOf(String certificate) {
        return Fingerprint.sha256(PemFile.certificates(directory.resolve(certificate))
                .getFirst()
                .getPublicKey()
                .getEncoded());
    }

    @Test
    void a_start_that_waits_ends_when_its_process_is_to_end() throws Exception {
        FutureTask<RegionProcess> gateway = inBackground(() -> start(admin, gatewayYaml()));
        await("a word of what is awaited").atMost(PATIENCE).until(() -> !said.isEmpty());

        ended.countDown();

        try (RegionProcess process = gateway.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            assertThat(process.awaited()).as("never done").contains("start of all roles");
        }
    }

    /** Shakes hands with the gateway as the workload that was made, and stays until the test ends. */
    private void connect(Path own) throws IOException {
        FileCredentials credentials = FileCredentials.load(CredentialFiles.ofOwnDomain(
                own.resolve("workload-cert-chain.pem"), own.resolve("key.pem"), own.resolve("root-cert.pem")));
        SSLContext tls = new HttpTls(credentials, new SpiffeVerifier(), InstantSource.system()).client(id -> true);
        SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(LOCAL, tunnels);
        sockets.add(socket);
        SSLParameters parameters = HttpTls.newest(tls);
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
    }

    private RegionProcess start(int adminPort, String roles) throws IOException {
        String head =
                "region: us-east\ncluster: east-1\nnetwork: net-east\nadmin: \"%s:%d\"\n".formatted(LOCAL, adminPort);
        String text = roles.startsWith(" ") ? head + "roles:\n" : head;
        Path file = Files.writeString(directory.resolve("region-" + adminPort + ".yaml"), text + roles);
        return RegionProcess.start(RegionConfigFile.read(file), startup);
    }

    private String trustYaml() {
        return """
                  trust:
                    listen: "%s:%d"
                    id: spiffe://corp.example/ns/beringia-system/sa/trust
                    ca: east-1
                    demo: true
                    static-tokens:
                    - {sha256: %s, id: "spiffe://corp.example/ns/beringia-system/sa/gateway"}
                """.formatted(LOCAL, certificates, sha256("token-of-the-gateway"));
    }

    private String reviewingYaml() {
        return """
                  trust:
                    listen: "%s:%d"
                    id: spiffe://corp.example/ns/beringia-system/sa/trust
                    ca: east-1
                    kube: {kubeconfig: kubeconfig}
                """.formatted(LOCAL, certificates);
    }

    private String gatewayYaml() {
        return """
                  gateway:
                    name: gateway-0
                    hbone: "%1$s:%2$d"
                    loops: 1
                    allow-loopback: true
                    drain: {accept: 0s, jitter: 0s, deadline: 0s}
                    identity-from:
                      trust:
                        address: "%1$s:%3$d"
                        server: spiffe://corp.example/ns/beringia-system/sa/trust
                        roots: root-cert.pem
                        token: token
                        ttl: 1h
                    catalog-from: {file: catalog.yaml}
                """.formatted(LOCAL, tunnels, certificates);
    }

    private String ready() throws IOException, InterruptedException {
        return said("/healthz/ready");
    }

    private String said(String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://" + LOCAL + ":" + admin + path))
                                    .timeout(PATIENCE)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private static <T> FutureTask<T> inBackground(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofVirtual().start(task);
        return task;
    }

    private void ca(String command, String... options) {
        String[] all = Stream.concat(Stream.of(command, "--dir", directory.toString()), Arrays.stream(options))
                .toArray(String[]::new);
        assertThat(new CommandLine(new CaCommand())
                        .setOut(new PrintWriter(Writer.nullWriter()))
                        .execute(all))
                .as(command)
                .isZero();
    }

    private static String sha256(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("SHA-256: missing (expected: part of every JDK)", missing);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(LOCAL))) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new IllegalStateException("port: none free", none);
        }
    }
}
