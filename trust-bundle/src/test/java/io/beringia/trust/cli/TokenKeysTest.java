package io.beringia.trust.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.authority.CaFiles;
import io.beringia.trust.client.CredentialFiles;
import io.beringia.trust.client.FileCredentials;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerifier.PeerRole;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.pki.KeyCustody;
import io.beringia.trust.pki.X509;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Keys of a CA on a real PKCS#11 token, which SoftHSM keeps in files. Debian's package softhsm2 brings it; without it this is
 * skipped and says so, and REQUIRE_SOFTHSM=1 makes that a failure.
 */
final class TokenKeysTest {
    private static final TrustDomain DOMAIN = TrustDomain.parse("corp.example");
    private static final String PIN = "31337-4711";
    private static final Pattern SLOT = Pattern.compile("reassigned to slot ([0-9]+)");

    @TempDir
    private static Path shared = Path.of("");

    private static Path library = Path.of("");
    private static Token first = new Token(0, Path.of(""));
    private static Token unopened = first;
    private static Token leaving = first;

    /** @param files where SoftHSM keeps it */
    private record Token(long slot, Path files) {}

    @TempDir
    private Path dir = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void make_a_token() throws Exception {
        Optional<Path> found = Stream.of("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so")
                .map(Path::of)
                .filter(Files::exists)
                .findFirst();
        if (found.isEmpty()) {
            assertThat(System.getenv("REQUIRE_SOFTHSM"))
                    .as("SoftHSM is not installed")
                    .isNotEqualTo("1");
            Assumptions.abort("SoftHSM is not installed (expected: Debian's package softhsm2)");
        }
        library = found.orElseThrow();
        Path tokens = Files.createDirectory(shared.resolve("tokens"));
        Path configuration = Files.writeString(
                shared.resolve("softhsm2.conf"), "directories.tokendir = " + tokens + "\nobjectstore.backend = file\n");
        Environment.set("SOFTHSM2_CONF", configuration.toString());
        first = initialise("first"); // all before the library looks for them
        unopened = initialise("unopened");
        leaving = initialise("leaving");
    }

    private static Token initialise(String label) throws Exception {
        Set<Path> before = tokens();
        ProcessBuilder tool = new ProcessBuilder(
                        "softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", "1234", "--pin", PIN)
                .redirectErrorStream(true);
        tool.environment().put("SOFTHSM2_CONF", shared.resolve("softhsm2.conf").toString());
        Process made = tool.start();
        String said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(made.waitFor(30, TimeUnit.SECONDS)).as("in time").isTrue();
        Matcher matcher = SLOT.matcher(said);
        assertThat(matcher.find()).as(said).isTrue();
        Set<Path> after = tokens();
        after.removeAll(before);
        return new Token(Long.parseLong(matcher.group(1)), after.iterator().next());
    }

    private static Set<Path> tokens() throws IOException {
        try (Stream<Path> all = Files.list(shared.resolve("tokens"))) {
            return all.collect(Collectors.toSet());
        }
    }

    @Test
    void a_mesh_is_made_by_keys_that_never_leave_their_token() throws IOException {
        makesMesh("mesh");

        try (Stream<Path> files = Files.walk(dir)) {
            assertThat(files.map(file -> dir.relativize(file).toString()))
                    .as("files with a key of a CA")
                    .doesNotContain("root-key.pem", "us-east/ca-key.pem");
        }
        FileCredentials web = FileCredentials.load(new CredentialFiles(
                dir.resolve("shop/workload-cert-chain.pem"),
                dir.resolve("shop/key.pem"),
                Map.of(DOMAIN, dir.resolve("root-cert.pem"))));
        assertThat(new SpiffeVerifier()
                        .verify(X509.encoded(web.svid().chain()), PeerRole.CLIENT, web.bundles(), Instant.now()))
                .as("verdict")
                .isInstanceOf(PeerVerdict.Verified.class);
        assertThat(run("crl", "--name", "us-east", "--key", uri("mesh-east")))
                .as("crl: %s", err)
                .isZero();
    }

    @Test
    void a_second_time_is_reused_and_a_lost_certificate_comes_back_from_the_token() throws IOException {
        makesMesh("again");
        String before = Files.readString(dir.resolve("root-cert.pem"));
        Files.delete(dir.resolve("root-cert.pem"));

        assertThat(run("root", "--trust-domain", "corp.example", "--key", uri("again-root")))
                .as("again: %s", err)
                .isZero();
        assertThat(dir.resolve("root-cert.pem")).as("the same root").hasContent(before);
        assertThat(run("root", "--trust-domain", "other.example", "--key", uri("again-root")))
                .as("another domain")
                .isEqualTo(1);
    }

    @Test
    void refuses_a_wrong_pin_slot_library_or_object_by_its_name() throws IOException {
        makesMesh("wrong");

        assertRefused("PIN refused (expected: the user PIN of the slot)", uri("root", "0000-0000", unopened.slot()));
        assertRefused("library or slot unusable", uri("root", PIN, 77));
        assertRefused(
                "library or slot unusable (expected: a PKCS #11 library",
                uri("wrong-root").replace(library.toString(), "/usr/lib/nothing.so"));
        assertRefused("no such key (expected: a private key", uri("nobody"));
        assertRefused("another key (expected: the key of ", uri("wrong-east"));
        assertThat(err.toString()).as("PINs").doesNotContain(PIN, "0000-0000");
    }

    /** With its own token: what goes here must not take the others' keys along. */
    @Test
    void a_role_signs_on_the_token_and_says_so_when_it_is_gone() throws Exception {
        long own = leaving.slot();
        assertThat(run("root", "--trust-domain", "corp.example", "--demo")).isZero();
        assertThat(run("intermediate", "--name", "us-east", "--key", uri("east", PIN, own)))
                .as("intermediate: %s", err)
                .isZero();
        Authority east = CaFiles.in(dir.resolve("us-east"))
                .with(KeyCustody.token(uri("east", PIN, own)))
                .open(InstantSource.system());
        SpiffeId cart = SpiffeId.ofWorkload(DOMAIN, "shop", "cart");
        assertThat(east.svid(cart, Duration.ofHours(1)).id()).as("signed").isEqualTo(cart);

        remove(leaving.files());

        assertThatThrownBy(() -> east.svid(cart, Duration.ofHours(1)))
                .as("gone")
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("(expected: ")
                .hasMessageNotContaining(PIN);
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @AfterAll
    static void forget_the_configuration() {
        Environment.set("SOFTHSM2_CONF", "");
    }

    private void makesMesh(String name) {
        assertThat(run("root", "--trust-domain", "corp.example", "--key", uri(name + "-root")))
                .as("root: %s", err)
                .isZero();
        assertThat(run(
                        "intermediate",
                        "--name",
                        "us-east",
                        "--key",
                        uri(name + "-east"),
                        "--root-key",
                        uri(name + "-root")))
                .as("intermediate: %s", err)
                .isZero();
        assertThat(run("workload", "--name", "us-east", "--namespace", "shop", "--key", uri(name + "-east")))
                .as("workload: %s", err)
                .isZero();
    }

    private void assertRefused(String why, String uri) {
        assertThat(run("root", "--trust-domain", "corp.example", "--key", uri))
                .as(uri)
                .isEqualTo(1);
        assertThat(err.toString()).as("why").contains(why);
    }

    private String uri(String object) {
        return uri(object, PIN, first.slot());
    }

    private String uri(String object, String pin, long where) {
        try {
            Path file = dir.resolve("pin-" + pin);
            if (!Files.exists(file)) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.writeString(file, pin);
            }
            return "pkcs11:slot-id=" + where + ";object=" + object + "?module-path=" + library + "&pin-source=" + file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int run(String command, String... args) {
        String[] all = Stream.concat(Stream.of(command, "--dir", dir.toString()), Stream.of(args))
                .toArray(String[]::new);
        return new CommandLine(new CaCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all);
    }
}
