package io.beringia.trust.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.pki.Fingerprint;
import io.beringia.trust.pki.Pem;
import io.beringia.trust.pki.X509;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class BundleCommandTest {
    private final Authority authority = Authority.root(TrustDomain.parse("partner.example"));

    @TempDir
    private Path dir = Path.of("");

    /** What a command said, and how it ended. */
    private record Ran(int code, String out, String err) {}

    @BeforeEach
    void roots() throws IOException {
        Files.writeString(dir.resolve("root-cert.pem"), Pem.write(authority.root()));
    }

    @Test
    void what_is_exported_is_shown() throws IOException {
        Ran exported = trust(
                "bundle", "export", file("root-cert.pem"), "--trust-domain", "partner.example", "--sequence", "4");
        Files.writeString(dir.resolve("partner.json"), exported.out());
        Ran table = trust("bundle", "show", file("partner.json"), "--trust-domain", "partner.example");
        Ran json =
                trust("bundle", "show", file("partner.json"), "--trust-domain", "partner.example", "--output", "json");

        String fingerprint = Fingerprint.sha256(X509.encoded(authority.root()));
        assertThat(exported).as("exported").extracting(Ran::code).isEqualTo(0);
        assertThat(table.out())
                .as("table")
                .startsWith("partner.example: sequence 4, asked for every 300 s\n")
                .contains(fingerprint);
        assertThat(json.out())
                .as("JSON")
                .contains("\"sequence\":4", "\"refreshSeconds\":300", "\"sha256\":\"" + fingerprint + "\"");
    }

    @Test
    void no_root_is_said_in_so_many_words() throws IOException {
        Files.writeString(dir.resolve("none.json"), "{\"keys\":[{\"kty\":\"OKP\",\"use\":\"x509-svid\"}]}");

        assertThat(trust("bundle", "show", file("none.json"), "--trust-domain", "partner.example")
                        .out())
                .as("table")
                .isEqualTo("""
                        partner.example: no sequence, asked for every 300 s
                        no root: nobody of partner.example is believed
                        ignored keys[0].kty: "OKP" (expected: one of [EC, RSA])
                        """);
    }

    @Test
    void refuses_roots_of_another_trust_domain() {
        Ran ran = trust("bundle", "export", file("root-cert.pem"), "--trust-domain", "other.example");

        assertThat(ran.code()).as("exit").isNotZero();
        assertThat(ran.out()).as("nothing is printed").isEmpty();
        assertThat(ran.err()).as("why").contains("a root of partner.example (expected: of other.example alone)");
    }

    private String file(String name) {
        return dir.resolve(name).toString();
    }

    private static Ran trust(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = new CommandLine(new TrustCommand())
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
