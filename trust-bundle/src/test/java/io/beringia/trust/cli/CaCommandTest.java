package io.beringia.trust.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.client.CredentialFiles;
import io.beringia.trust.client.FileCredentials;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.PeerVerdict.Verified;
import io.beringia.trust.identity.PeerVerifier.PeerRole;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.pki.Pem;
import io.beringia.trust.pki.X509;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

final class CaCommandTest {
    private static final TrustDomain DOMAIN = TrustDomain.parse("corp.example");

    @TempDir
    private Path dir = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void makes_a_mesh_that_verifies_itself() throws IOException {
        mesh();

        FileCredentials cart = FileCredentials.load(new CredentialFiles(
                dir.resolve("shop/workload-cert-chain.pem"),
                dir.resolve("shop/key.pem"),
                Map.of(DOMAIN, dir.resolve("shop/root-cert.pem"))));
        var verdict = new SpiffeVerifier()
                .verify(X509.encoded(cart.svid().chain()), PeerRole.CLIENT, cart.bundles(), Instant.now());

        assertThat(verdict).as("verdict").isInstanceOfSatisfying(Verified.class, peer -> {
            assertThat(peer.id()).as("who").hasToString("spiffe://corp.example/ns/shop/sa/cart");
            assertThat(peer.cluster()).as("where").isEqualTo(Optional.of("us-east"));
        });
    }

    @Test
    void writes_the_files_of_istios_makefile_and_hides_the_keys() throws IOException {
        mesh();

        assertThat(modes())
                .as("files and modes")
                .isEqualTo(Map.ofEntries(
                        Map.entry("root-key.pem", "rw-------"),
                        Map.entry("root-cert.pem", "rw-r--r--"),
                        Map.entry("us-east", "rwx------"),
                        Map.entry("us-east/ca-key.pem", "rw-------"),
                        Map.entry("us-east/ca-cert.pem", "rw-r--r--"),
                        Map.entry("us-east/cert-chain.pem", "rw-r--r--"),
                        Map.entry("us-east/root-cert.pem", "rw-r--r--"),
                        Map.entry("shop", "rwx------"),
                        Map.entry("shop/key.pem", "rw-------"),
                        Map.entry("shop/workload-cert.pem", "rw-r--r--"),
                        Map.entry("shop/workload-cert-chain.pem", "rw-r--r--"),
                        Map.entry("shop/root-cert.pem", "rw-r--r--")));
    }

    @Test
    void overwrites_nothing_and_says_so() throws IOException {
        mesh();
        Map<String, String> before = contents();

        mesh();

        assertThat(contents()).as("every octet").isEqualTo(before);
        assertThat(out.toString()).as("report").contains("reused " + dir.resolve("us-east/ca-key.pem"));
    }

    @Test
    void takes_no_root_for_the_next_one() {
        mesh();

        assertThat(run("root", "--trust-domain", "corp.example", "--generation", "2"))
                .as("exit")
                .isEqualTo(1);
        assertThat(err.toString()).as("why").contains("root-cert.pem: generation 1 (expected: 2, or another --dir)");
    }

    @Test
    void calls_nothing_reused_that_is_not_what_it_should_be() throws IOException {
        mesh();
        Path copy = dir.resolve("us-east/root-cert.pem");
        String good = Files.readString(copy);

        Files.writeString(copy, Files.readString(dir.resolve("us-east/ca-cert.pem")));
        assertThat(run("intermediate", "--name", "us-east"))
                .as("another certificate")
                .isEqualTo(1);
        assertThat(err.toString())
                .as("why")
                .contains("us-east/root-cert.pem: certificates of something else (expected: ");

        Files.writeString(copy, "noise");
        assertThat(run("intermediate", "--name", "us-east")).as("noise").isEqualTo(1);
        assertThat(copy).as("nothing is overwritten").hasContent("noise");

        Files.writeString(copy, good + Files.readString(dir.resolve("us-east/ca-cert.pem")));
        assertThat(run("intermediate", "--name", "us-east"))
                .as("more than that")
                .isZero();
    }

    @Test
    void refuses_half_a_root() throws IOException {
        mesh();
        Files.delete(dir.resolve("root-cert.pem"));

        assertThat(run("root", "--trust-domain", "corp.example")).as("exit").isEqualTo(1);
        assertThat(err.toString()).as("why").contains("root-cert.pem: missing (expected: ");
    }

    @Test
    void refuses_another_trust_domain_or_mark_for_an_existing_root() {
        run("root", "--trust-domain", "corp.example");

        assertThat(run("root", "--trust-domain", "other.example")).as("domain").isEqualTo(1);
        assertThat(run("root", "--trust-domain", "corp.example", "--demo"))
                .as("demo")
                .isEqualTo(1);
        assertThat(err.toString())
                .as("why")
                .contains("of corp.example (expected: of other.example)")
                .contains("not marked for demos (expected: marked)");
    }

    @Test
    void refuses_an_intermediate_that_outlives_its_root() {
        run("root", "--trust-domain", "corp.example", "--days", "30");

        assertThat(run("intermediate", "--name", "us-east")).as("exit").isEqualTo(1);
        assertThat(err.toString()).as("why").contains("(expected: <= end of its root, ");
        assertThat(dir.resolve("us-east")).as("nothing is left").doesNotExist();
    }

    @Test
    void refuses_an_intermediate_of_another_root() throws IOException {
        mesh();
        Files.delete(dir.resolve("root-key.pem"));
        Files.delete(dir.resolve("root-cert.pem"));
        run("root", "--trust-domain", "corp.example");

        assertThat(run("intermediate", "--name", "us-east")).as("exit").isEqualTo(1);
        assertThat(err.toString()).as("why").contains("of another root");
    }

    @Test
    void refuses_a_name_that_leads_elsewhere() {
        run("root", "--trust-domain", "corp.example");

        assertThat(run("intermediate", "--name", "../us-east")).as("exit").isEqualTo(1);
        assertThat(run("workload", "--name", "us-east", "--namespace", ".."))
                .as("exit")
                .isEqualTo(1);
    }

    @Test
    void marks_a_demo_root() throws IOException {
        run("root", "--demo", "--trust-domain", "corp.example");

        var root =
                Pem.certificates(Files.readString(dir.resolve("root-cert.pem"))).getFirst();
        assertThat(Authority.isDemo(root)).as("O=Beringia demo").isTrue();
    }

    @Test
    void warns_of_the_domain_that_everybody_has_and_of_the_plain_root_key() {
        assertThat(run("root")).as("exit").isZero();
        assertThat(err.toString())
                .as("warnings")
                .contains("warning: trust domain: cluster.local")
                .contains("root-key.pem: not encrypted");
    }

    @Test
    void reports_in_json() {
        run("root", "--trust-domain", "corp.example", "--json");

        var report = JsonMapper.shared().readTree(out.toString());
        assertThat(report.get("id").asString()).as("id").isEqualTo("spiffe://corp.example");
        assertThat(report.get("files").get(0).get("state").asString())
                .as("state")
                .isEqualTo("written");
    }

    private void mesh() {
        assertThat(run("root", "--trust-domain", "corp.example")).as("root").isZero();
        assertThat(run("intermediate", "--name", "us-east")).as("intermediate").isZero();
        assertThat(run("workload", "--name", "us-east", "--namespace", "shop", "--service-account", "cart"))
                .as("workload: %s", err)
                .isZero();
    }

    private int run(String command, String... args) {
        String[] all = Stream.concat(Stream.of(command, "--dir", dir.toString()), Stream.of(args))
                .toArray(String[]::new);
        return new CommandLine(new CaCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all);
    }

    private Map<String, String> modes() throws IOException {
        Map<String, String> modes = new TreeMap<>();
        try (Stream<Path> all = Files.walk(dir)) {
            for (Path path : all.filter(each -> !each.equals(dir)).toList()) {
                modes.put(
                        dir.relativize(path).toString(),
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            }
        }
        return modes;
    }

    private Map<String, String> contents() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> all = Files.walk(dir)) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                contents.put(dir.relativize(path).toString(), Files.readString(path));
            }
        }
        return contents;
    }
}
