package io.beringia.trust.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.client.CredentialFiles;
import io.beringia.trust.client.FileCredentials;
import io.beringia.trust.client.HttpTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.kube.SecretsApi;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

final class InspectCommandTest {
    @TempDir
    private Path dir = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void mesh() {
        ca("root", "--trust-domain", "corp.example", "--dir", dir.toString());
        ca("intermediate", "--name", "us-east", "--dir", dir.toString());
        ca("workload", "--name", "us-east", "--namespace", "shop", "--dir", dir.toString());
        out.getBuffer().setLength(0);
    }

    @Test
    void a_folder_of_a_workload_is_verified_by_the_root_beside_it() {
        assertThat(inspect(dir.resolve("shop").toString())).as("%s", out).isZero();

        assertThat(out.toString())
                .containsPattern("key\\.pem +0 +key +EC")
                .containsPattern(
                        "workload-cert-chain\\.pem +0 +workload +P256 +\\S+Z +spiffe://corp\\.example/ns/shop/sa/default")
                .containsPattern("workload-cert-chain\\.pem +1 +intermediate +P256 +\\S+Z +.*L=us-east")
                .contains("verified: spiffe://corp.example/ns/shop/sa/default of cluster us-east, until ");
    }

    @Test
    void a_leaf_without_its_intermediate_is_refused_in_the_verifiers_words() {
        assertThat(inspect(
                        dir.resolve("shop/workload-cert.pem").toString(),
                        "--roots",
                        dir.resolve("root-cert.pem").toString()))
                .isEqualTo(1);
        assertThat(out.toString()).contains("error workload-cert.pem: refused, no-path: ");
    }

    @Test
    void a_folder_that_istiod_would_refuse_is_named() throws IOException {
        Files.copy(dir.resolve("shop/key.pem"), dir.resolve("us-east/ca-key.pem"), StandardCopyOption.REPLACE_EXISTING);

        assertThat(inspect(dir.resolve("us-east").toString())).isEqualTo(1);
        assertThat(out.toString())
                .contains("error as istiod's CA: ca-key.pem: another key (expected: the key of ca-cert.pem)")
                .contains("warning ca-key.pem: key of no certificate here");
    }

    @Test
    void a_root_that_stands_twice_in_one_file_or_in_two_is_named() throws IOException {
        Path cluster = dir.resolve("us-east");
        String root = Files.readString(cluster.resolve("root-cert.pem"));
        Files.writeString(cluster.resolve("root-cert.pem"), root + root);
        Files.writeString(cluster.resolve("cert-chain.pem"), Files.readString(cluster.resolve("ca-cert.pem")) + root);

        assertThat(inspect(cluster.toString())).as("%s", out).isZero();
        assertThat(out.toString())
                .contains("warning root-cert.pem#1: the same as #0 (expected: each once)")
                .contains("note cert-chain.pem#1: a root of root-cert.pem (where istiod signs, ");
    }

    @Test
    void a_secret_is_looked_at_where_it_is() throws IOException {
        try (SecretsApi api = new SecretsApi()) {
            Path kubeconfig = Files.writeString(dir.resolve("kubeconfig"), api.kubeconfig());

            assertThat(inspect("secret", "--kubeconfig", kubeconfig.toString())).isNotZero();
            assertThat(err.toString()).contains("istio-system/cacerts: no such Secret");
            ca(
                    "secret",
                    "--name",
                    "us-east",
                    "--dir",
                    dir.toString(),
                    "--apply",
                    "--kubeconfig",
                    kubeconfig.toString());
            assertThat(inspect("secret", "--kubeconfig", kubeconfig.toString()))
                    .as("%s", out)
                    .isZero();
            assertThat(out.toString()).containsPattern("cert-chain\\.pem +0 +intermediate");

            api.changeByHand("root-cert.pem", Files.readString(dir.resolve("root-cert.pem")) + "\n");
            assertThat(inspect("secret", "--kubeconfig", kubeconfig.toString())).isOne();
            assertThat(out.toString()).contains("error root-cert.pem: changed by somebody else since it was written");
        }
    }

    @Test
    void an_endpoint_is_looked_at_and_trusted_in_nothing() throws IOException {
        FileCredentials credentials = FileCredentials.load(new CredentialFiles(
                dir.resolve("shop/workload-cert-chain.pem"),
                dir.resolve("shop/key.pem"),
                Map.of(TrustDomain.parse("corp.example"), dir.resolve("shop/root-cert.pem"))));
        SSLContext own = new HttpTls(credentials, new SpiffeVerifier(), InstantSource.system()).server();
        try (SSLServerSocket server = (SSLServerSocket)
                own.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<IOException> refused = CompletableFuture.supplyAsync(() -> handshake(server));
            assertThat(inspect(
                            "localhost:" + server.getLocalPort(),
                            "--roots",
                            dir.resolve("root-cert.pem").toString(),
                            "--json"))
                    .as("%s", err)
                    .isZero();
            assertThat(refused).as("its end").succeedsWithin(Duration.ofSeconds(20));
        }
        assertThat(JsonMapper.shared()
                        .readTree(out.toString())
                        .path("rows")
                        .path(0)
                        .path("name")
                        .asString())
                .isEqualTo("spiffe://corp.example/ns/shop/sa/default");
    }

    @Test
    void who_speaks_no_tls_or_is_not_there_is_named() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread closing = Thread.ofVirtual().start(() -> {
                try {
                    silent.accept().close();
                } catch (IOException end) {
                    throw new UncheckedIOException(end);
                }
            });
            assertThat(inspect("localhost:" + silent.getLocalPort())).isNotZero();
            closing.interrupt();
        }
        assertThat(inspect("no/such.pem")).isNotZero();
        assertThat(err.toString())
                .contains("(expected: an endpoint of TLS)")
                .contains("\"no/such.pem\": no such file (expected: a PEM file, a folder, secret, or host:port)");
    }

    @Test
    void noise_is_an_error_and_no_stack_trace() throws IOException {
        Path noise = Files.writeString(dir.resolve("noise.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n");

        assertThat(inspect(noise.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("error noise.pem: PEM: ").doesNotContain("\tat ");
    }

    /** Why it failed, as it must. */
    private static IOException handshake(SSLServerSocket server) {
        try (SSLSocket client = (SSLSocket) server.accept()) {
            client.startHandshake();
            throw new IllegalStateException("trusted");
        } catch (IOException refused) {
            return refused;
        }
    }

    private int inspect(String target, String... more) {
        return ca("inspect", Stream.concat(Stream.of(target), Stream.of(more)).toArray(String[]::new));
    }

    private int ca(String command, String... more) {
        return new CommandLine(new CaCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(Stream.concat(Stream.of(command), Stream.of(more)).toArray(String[]::new));
    }
}
