package io.beringia.trust.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.authority.CaFiles;
import io.beringia.trust.pki.KeyCustody;
import io.beringia.trust.pki.Passphrase;
import io.beringia.trust.pki.PemFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Keys of a CA under passphrases, from the root to a workload. */
final class KeptKeysTest {
    /** One for all, since passphrases are slow on purpose. */
    @TempDir
    private static Path dir = Path.of("");

    private static String ofRoot = "";
    private static String ofEast = "";
    private static final StringWriter MADE = new StringWriter();

    @TempDir
    private Path empty = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void make_a_mesh() throws IOException {
        ofRoot = secret("of-root", "correct horse\n").toString();
        ofEast = secret("of-east", "battery staple\n").toString();
        KeptKeysTest first = new KeptKeysTest();
        first.makesMesh();
        MADE.append(first.err.toString());
    }

    @Test
    void a_mesh_is_made_and_no_key_of_a_ca_is_plain() throws IOException {
        for (String key : new String[] {"root-key.pem", "us-east/ca-key.pem"}) {
            assertThat(dir.resolve(key)).as(key).content().startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve(key))))
                    .as("mode of %s", key)
                    .isEqualTo("rw-------");
        }
        assertThat(MADE.toString()).as("warnings").doesNotContain("not encrypted");
        assertThat(CaFiles.in(dir.resolve("us-east"))
                        .with(KeyCustody.encrypted(Path.of(ofEast)))
                        .open(InstantSource.system())
                        .trustDomain())
                .as("opened as a role opens it")
                .hasToString("corp.example");
    }

    @Test
    void a_second_time_is_reused_with_the_passphrase_and_refused_without_or_with_another() {
        assertThat(run("root", "--trust-domain", "corp.example", "--passphrase-file", ofRoot))
                .as("root: %s", err)
                .isZero();
        assertThat(out.toString()).as("report").contains("reused " + dir.resolve("root-key.pem"));
        assertRefused("encrypted (expected: plain, or its passphrase", "root", "--trust-domain", "corp.example");
        assertRefused(
                "root-key.pem: private key: does not open (expected: its passphrase)",
                "intermediate",
                "--name",
                "us-west",
                "--root-passphrase-file",
                ofEast);
        assertThat(dir.resolve("us-west")).as("nothing is left").doesNotExist();
    }

    @Test
    void takes_a_passphrase_from_another_process() throws IOException, InterruptedException {
        Path script = secret("script-of-bash", "exec \"$@\" --passphrase-file <(printf 'correct horse\\n')\n");
        assertThat(Files.exists(Path.of("/bin/bash"))).as("bash").isTrue();
        Process made = new ProcessBuilder(
                        "/bin/bash",
                        script.toString(),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RunRoot.class.getName(),
                        empty.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(made.waitFor()).as(said).isZero();
        try (Passphrase passphrase = Passphrase.read(Path.of(ofRoot))) {
            assertThat(PemFile.privateKey(empty.resolve("root-key.pem"), passphrase)
                            .getAlgorithm())
                    .as("the same passphrase")
                    .isEqualTo("EC");
        }
    }

    /** {@code beringia ca root} in a process of its own. */
    static final class RunRoot {
        private RunRoot() {}

        public static void main(String[] args) {
            String[] all = Stream.concat(Stream.of("root", "--trust-domain", "corp.example", "--dir"), Stream.of(args))
                    .toArray(String[]::new);
            System.exit(new CommandLine(new CaCommand()).execute(all));
        }
    }

    @Test
    void refuses_a_passphrase_that_others_read_before_anything_is_made() throws IOException {
        Path open = secret("open", "correct horse\n");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));

        assertRefused(
                "open has mode rw-r--r-- (expected: ",
                "intermediate",
                "--name",
                "us-south",
                "--root-passphrase-file",
                open.toString());
        assertThat(dir.resolve("us-south")).as("nothing is left").doesNotExist();
    }

    @Test
    void istios_files_stay_as_make_and_istiod_read_them() {
        assertRefused(
                "--passphrase-file: unknown to profile istio (expected: none, make and istiod read plain keys)",
                "root",
                "--profile",
                "istio",
                "--passphrase-file",
                ofRoot);
        assertRefused("ca-key.pem: private key: encrypted", "secret", "--name", "us-east");
    }

    @Test
    void revocation_lists_are_signed_by_an_encrypted_key_too() {
        assertThat(run("crl", "--name", "us-east", "--passphrase-file", ofEast))
                .as("crl: %s", err)
                .isZero();
        assertThat(out.toString()).as("report").contains("written " + dir.resolve("ca-crl.pem"));
    }

    @Test
    void an_encrypted_key_is_looked_at_without_its_passphrase() {
        assertThat(inspect()).as("inspect: %s", err).isZero();
        assertThat(out.toString()).as("row").contains("encrypted");
    }

    private int inspect() {
        return new CommandLine(new CaCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute("inspect", dir.resolve("us-east").toString());
    }

    @Test
    void refuses_two_places_for_one_key_and_a_token_that_is_not_named_whole() {
        String uri = "pkcs11:slot-id=1;object=root?module-path=/usr/lib/x.so&pin-source=/run/pin";
        assertRefused(
                "--key: beside --passphrase-file (expected: one of them)",
                "root",
                "--key",
                uri,
                "--passphrase-file",
                ofRoot);
        assertRefused("key: no PKCS #11 URI (expected: pkcs11:slot-id=", "root", "--key", "root-key.pem");
        assertRefused("key: no slot-id (expected: ", "root", "--key", uri.replace("slot-id=1;", ""));
        assertRefused("a PIN in its file only", "root", "--key", uri.replace("pin-source=/run/pin", "pin-value=31337"));
        assertThat(err.toString()).as("the PIN that should not have been there").doesNotContain("31337");
    }

    private void makesMesh() {
        assertThat(run("root", "--trust-domain", "corp.example", "--passphrase-file", ofRoot))
                .as("root: %s", err)
                .isZero();
        assertThat(run(
                        "intermediate",
                        "--name",
                        "us-east",
                        "--passphrase-file",
                        ofEast,
                        "--root-passphrase-file",
                        ofRoot))
                .as("intermediate: %s", err)
                .isZero();
        assertThat(run("workload", "--name", "us-east", "--namespace", "shop", "--passphrase-file", ofEast))
                .as("workload: %s", err)
                .isZero();
    }

    private void assertRefused(String why, String command, String... args) {
        assertThat(run(command, args)).as(command).isEqualTo(1);
        assertThat(err.toString()).as("why").contains(why);
    }

    private int run(String command, String... args) {
        String[] all = Stream.concat(Stream.of(command, "--dir", dir.toString()), Stream.of(args))
                .toArray(String[]::new);
        return new CommandLine(new CaCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all);
    }

    private static Path secret(String name, String text) throws IOException {
        Path file = dir.resolve(name);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, text);
    }
}
