package io.beringia.trust.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.client.WebTls;
import io.beringia.trust.federation.BundleDocument;
import io.beringia.trust.federation.BundleEndpoint;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import io.beringia.trust.pki.Pem;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class FederateCommandTest {
    private static final TrustDomain PARTNER = TrustDomain.parse("partner.example");

    private final Authority authority = Authority.root(PARTNER);

    @TempDir
    private Path dir = Path.of("");

    /** What a command said, and how it ended. */
    private record Ran(int code, String out, String err) {}

    @Test
    void lists_the_last_good_bundles_and_what_is_none() throws IOException {
        write(7, authority.root());
        String end = authority.root().getNotAfter().toInstant().toString();

        Ran table = federate("list", "--dir", dir.toString());
        assertThat(table.code()).as("exit").isZero();
        assertThat(table.out().lines())
                .as("table")
                .hasSize(2)
                .element(1)
                .asString()
                .contains("partner.example", " 7 ", end);
        Files.writeString(dir.resolve("broken.example.last-good.json"), "{}");
        Ran json = federate("list", "--dir", dir.toString(), "--output", "json");
        assertThat(json.code()).as("exit").isEqualTo(1);
        assertThat(json.out())
                .as("JSON")
                .contains("\"trustDomain\":\"broken.example\"", "keys: missing", "\"sequence\":7,\"roots\":1");
    }

    @Test
    void forgets_a_bundle_once() throws IOException {
        write(7, authority.root());

        assertThat(federate("reset", "partner.example", "--dir", dir.toString()).code())
                .as("exit")
                .isZero();
        assertThat(file()).as("file").doesNotExist();
        assertThat(federate("reset", "partner.example", "--dir", dir.toString()).err())
                .as("again")
                .contains("no bundle of partner.example (expected: one to forget)");
    }

    @Test
    void shows_what_an_endpoint_answers_and_whether_it_would_be_taken() throws IOException {
        BundleDocument served = BundleDocument.of(PARTNER, 7, Duration.ofMinutes(5), List.of(authority.root()));
        InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (BundleEndpoint endpoint = BundleEndpoint.start(free, "/", web(), () -> served)) {
            String url = "https://localhost:" + endpoint.port() + "/";
            Ran taken = fetch(url);
            write(8, authority.root());
            Ran older = fetch(url, "--output", "json");
            Ran other = fetch(url, "--endpoint-id", "spiffe://partner.example/x", "--bootstrap", file().toString());

            assertThat(taken.code()).as("exit: %s", taken.err()).isZero();
            assertThat(taken.out()).as("shown").startsWith("partner.example: sequence 7, asked for every 300 s\n");
            assertThat(taken.err()).as("what it waits for").startsWith("asking " + url + ", 10 s at most");
            assertThat(older.code()).as("exit").isEqualTo(1);
            assertThat(older.out()).as("why").contains("\"objection\":\"spiffe_sequence: 7 (expected: >= 8");
            assertThat(other.code()).as("exit").isNotZero();
            assertThat(other.err())
                    .as("another identity")
                    .contains("spiffe://partner.example/beringia/bundle-endpoint");
        }
        try (Stream<Path> files = Files.list(dir)) {
            assertThat(files.filter(path -> path.toString().endsWith(".json")))
                    .as("nothing was written")
                    .containsExactly(file());
        }
    }

    private Ran fetch(String url, String... more) {
        List<String> all = Stream.concat(
                        Stream.of("fetch", "--trust-domain", "partner.example", "--url", url, "--dir", dir.toString()),
                        Stream.of(more))
                .toList();
        boolean isWeb = more.length < 4;
        return federate(Stream.concat(
                        all.stream(),
                        isWeb
                                ? Stream.of(
                                        "--web-roots", dir.resolve("roots.pem").toString())
                                : Stream.empty())
                .toArray(String[]::new));
    }

    /** A certificate that is good by host name, and by SPIFFE ID as well. */
    private SSLContext web() throws IOException {
        X509Svid shown = authority.svid(BundleEndpoint.idOf(PARTNER), Duration.ofHours(1), "localhost");
        Path key = Files.writeString(dir.resolve("key.pem"), Pem.write(shown.key()));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(dir.resolve("roots.pem"), Pem.write(authority.root()));
        return WebTls.server(Files.writeString(dir.resolve("chain.pem"), Pem.write(shown.chain())), key);
    }

    private void write(long sequence, X509Certificate root) throws IOException {
        Files.write(
                file(),
                BundleDocument.of(PARTNER, sequence, Duration.ofMinutes(5), List.of(root))
                        .json());
    }

    private Path file() {
        return dir.resolve("partner.example.last-good.json");
    }

    private static Ran federate(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = new CommandLine(new FederateCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println(failure.getMessage());
                    return 1;
                })
                .execute(args);
        return new Ran(code, out.toString(), err.toString());
    }
}
