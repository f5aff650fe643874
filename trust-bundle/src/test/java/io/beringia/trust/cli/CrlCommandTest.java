package io.beringia.trust.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.CrlPolicy;
import io.beringia.trust.identity.Denylist;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerdict.Rejected;
import io.beringia.trust.identity.PeerVerdict.Verified;
import io.beringia.trust.identity.PeerVerifier.PeerRole;
import io.beringia.trust.identity.Revocations;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.pki.ParsedCrl;
import io.beringia.trust.pki.PemFile;
import io.beringia.trust.pki.X509;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class CrlCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path dir = Path.of("");

    @Test
    void takes_back_a_workload_by_its_intermediate_and_that_by_the_root() {
        mesh();
        assertThat(word()).as("before").isEqualTo("verified");

        run("crl", "--name", "us-east", "--serial", "4711");
        assertThat(word()).as("another serial").isEqualTo("verified");

        run(
                "crl",
                "--name",
                "us-east",
                "--revoke",
                dir.resolve("shop/workload-cert.pem").toString());
        assertThat(word()).as("its own").isEqualTo("revoked");
        assertThat(lists()).singleElement().satisfies(list -> {
            assertThat(list.number()).as("counted").contains(java.math.BigInteger.TWO);
            assertThat(list.serials()).as("the first stays").hasSize(2);
        });

        run("crl", "--revoke", dir.resolve("us-east/ca-cert.pem").toString(), "--reason", "ca-compromise");
        assertThat(lists()).as("beside each other").hasSize(2);
        assertThat(out.toString())
                .contains("written " + dir.resolve("ca-crl.pem"), "number 1: takes back 1, next update ");
    }

    @Test
    void says_all_again_until_a_later_day() {
        mesh();
        run("crl", "--revoke", dir.resolve("us-east/ca-cert.pem").toString());
        Instant before = lists().getFirst().nextUpdate();

        run("crl", "--days", "60");

        assertThat(lists()).singleElement().satisfies(list -> {
            assertThat(list.nextUpdate()).isAfter(before);
            assertThat(list.serials()).hasSize(1);
        });
        assertThat(word()).isEqualTo("revoked");
    }

    @Test
    void warns_of_a_list_that_another_key_signed_under_the_same_name() throws IOException {
        mesh();
        run("crl", "--name", "us-east");
        assertThat(err.toString()).doesNotContain("same name");
        for (String file : List.of("ca-key.pem", "ca-cert.pem", "cert-chain.pem")) {
            Files.delete(dir.resolve("us-east").resolve(file));
        }
        run("intermediate", "--name", "us-east");

        run("crl", "--name", "us-east");

        assertThat(err.toString()).contains("also a list of another key under the same name");
        assertThat(lists()).hasSize(2);
    }

    @Test
    void reports_in_json() {
        mesh();
        out.getBuffer().setLength(0);

        run("crl", "--json");

        JsonNode report = JsonMapper.shared().readTree(out.toString());
        assertThat(report.get("file").asString())
                .isEqualTo(dir.resolve("ca-crl.pem").toString());
        assertThat(report.get("lists").get(0).get("revoked").asInt()).isZero();
        assertThat(report.get("lists").get(0).get("overdue").asBoolean()).isFalse();
    }

    @Test
    void anybody_may_read_the_file() throws IOException {
        mesh();
        run("crl");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("ca-crl.pem"))))
                .isEqualTo("rw-r--r--");
    }

    @Test
    void refuses_what_its_issuer_did_not_sign_and_writes_nothing() {
        mesh();

        assertThat(tried(
                        "crl", "--revoke", dir.resolve("shop/workload-cert.pem").toString()))
                .isEqualTo(1);

        assertThat(err.toString()).contains("shop/workload-cert.pem: of another issuer (expected: ");
        assertThat(dir.resolve("ca-crl.pem")).doesNotExist();
    }

    @Test
    void refuses_a_file_of_lists_that_is_none_and_leaves_it() throws IOException {
        mesh();
        Files.writeString(dir.resolve("ca-crl.pem"), "noise");

        assertThat(tried("crl")).isEqualTo(1);

        assertThat(err.toString()).contains("CRL: unreadable (expected: PEM or DER of RFC 5280)");
        assertThat(dir.resolve("ca-crl.pem")).hasContent("noise");
    }

    @Test
    void refuses_numbers_and_words_that_cannot_be_meant() {
        mesh();
        assertThat(tried("crl", "--serial", "xyz")).isEqualTo(1);
        assertThat(tried("crl", "--days", "0")).isEqualTo(1);
        assertThat(tried("crl", "--reason", "bad-mood")).isEqualTo(2);

        assertThat(err.toString())
                .contains(
                        "--serial: no serial (expected: 1 to 40 hexadecimal digits)",
                        "--days: 0 (expected: 1 to 3650)",
                        "bad-mood\" (expected: one of unspecified, key-compromise, ");
    }

    @Test
    void openssl_believes_the_lists_and_refuses_whom_they_take_back() throws Exception {
        mesh();
        run(
                "crl",
                "--name",
                "us-east",
                "--revoke",
                dir.resolve("shop/workload-cert.pem").toString());
        run("crl");
        Path own = Files.writeString(dir.resolve("own.pem"), ParsedCrl.write(List.of(lists().getFirst())));

        assertThat(openssl("crl", "-verify", "-noout", "-in", own.toString(), "-CAfile", path("us-east/ca-cert.pem")))
                .contains("verify OK");
        assertThat(openssl(
                        "verify",
                        "-crl_check_all",
                        "-CRLfile",
                        path("ca-crl.pem"),
                        "-CAfile",
                        path("root-cert.pem"),
                        "-untrusted",
                        path("us-east/ca-cert.pem"),
                        path("shop/workload-cert.pem")))
                .contains("certificate revoked");
        assertThat(openssl("crl", "-text", "-noout", "-in", own.toString()))
                .contains("X509v3 CRL Number", "X509v3 Authority Key Identifier");
    }

    private String path(String file) {
        return dir.resolve(file).toString();
    }

    /** What it said, whatever its status. */
    private static String openssl(String... arguments) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(Stream.concat(Stream.of("openssl"), Stream.of(arguments))
                            .toList())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException missing) {
            assertThat(System.getenv("REQUIRE_OPENSSL"))
                    .as("openssl is not on PATH")
                    .isNull();
            Assumptions.abort("openssl is not on PATH (expected: Debian's package openssl)");
            throw missing;
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("in time").isTrue();
        return said;
    }

    private void mesh() {
        run("root", "--trust-domain", "corp.example");
        run("intermediate", "--name", "us-east");
        run(
                "workload",
                "--name",
                "us-east",
                "--namespace",
                "shop",
                "--service-account",
                "cart",
                "--out",
                dir.resolve("shop").toString());
    }

    private String word() {
        List<ParsedCrl> lists = Files.exists(dir.resolve("ca-crl.pem")) ? lists() : List.of();
        TrustBundles bundles = new TrustBundles(
                        1,
                        Map.of(TrustDomain.parse("corp.example"), PemFile.certificates(dir.resolve("root-cert.pem"))))
                .with(new Revocations(1, List.copyOf(lists), CrlPolicy.OPEN, Denylist.EMPTY));
        PeerVerdict verdict = new SpiffeVerifier()
                .verify(
                        X509.encoded(PemFile.certificates(dir.resolve("shop/workload-cert-chain.pem"))),
                        PeerRole.CLIENT,
                        bundles,
                        Instant.now());
        return switch (verdict) {
            case Verified _ -> "verified";
            case Rejected rejected -> rejected.reason().word();
        };
    }

    private List<ParsedCrl> lists() {
        return ParsedCrl.parseAll(PemFile.octets(dir.resolve("ca-crl.pem")));
    }

    private void run(String... arguments) {
        assertThat(tried(arguments)).as("%s: %s", List.of(arguments), err).isZero();
    }

    private int tried(String command, String... options) {
        return tried(Stream.concat(Stream.of(command), Stream.of(options)).toArray(String[]::new));
    }

    private int tried(String[] arguments) {
        return new CommandLine(new CaCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((refused, line, parsed) -> {
                    line.getErr().println(refused.getMessage());
                    return 1;
                })
                .execute(Stream.concat(Stream.of(arguments), Stream.of("--dir", dir.toString()))
                        .toArray(String[]::new));
    }
}
