package io.beringia.trust.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.client.FileCredentials.Reload;
import io.beringia.trust.identity.Credentials.Subscription;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import io.beringia.trust.pki.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileCredentialsTest {
    private static final TrustDomain DOMAIN = TrustDomain.parse("corp.example");
    private static final TrustDomain PARTNER = TrustDomain.parse("partner.example");
    private static final SpiffeId CART = SpiffeId.ofWorkload(DOMAIN, "shop", "cart");

    private final Authority root = Authority.root(DOMAIN);
    private final Authority usEast = root.intermediate("us-east");

    @TempDir
    private Path dir = Path.of("");

    @BeforeEach
    void write_an_identity() throws IOException {
        write(usEast.svid(CART, Duration.ofHours(1)));
        Files.writeString(dir.resolve("roots.pem"), Pem.write(root.root()));
    }

    @Test
    void reads_identity_and_roots() {
        FileCredentials credentials = FileCredentials.load(files());

        assertThat(credentials.svid().id()).as("who").isEqualTo(CART);
        assertThat(credentials.svid().chain()).as("leaf and intermediate").hasSize(2);
        assertThat(credentials.bundles().rootsOf(DOMAIN)).as("whom we trust").containsExactly(root.root());
        assertThat(credentials.bundles().rootsOf(PARTNER)).as("nobody else").isEmpty();
    }

    @Test
    void leaves_out_a_root_that_ends_the_chain() throws IOException {
        X509Svid svid = usEast.svid(CART, Duration.ofHours(1));
        List<X509Certificate> whole =
                Stream.concat(svid.chain().stream(), Stream.of(root.root())).toList();
        write(svid);
        Files.writeString(dir.resolve("chain.pem"), Pem.write(whole));

        assertThat(FileCredentials.load(files()).svid().chain()).as("chain").isEqualTo(svid.chain());
    }

    @Test
    void refuses_a_key_that_others_may_read() throws IOException {
        for (String mode : List.of("rw-r-----", "rw----r--", "rw-rw-rw-")) {
            Files.setPosixFilePermissions(dir.resolve("key.pem"), PosixFilePermissions.fromString(mode));

            assertThatThrownBy(() -> FileCredentials.load(files()))
                    .as(mode)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("key: " + dir.resolve("key.pem") + " has mode " + mode
                            + " (expected: readable by its owner only, chmod 600)");
        }
    }

    @Test
    void refuses_the_key_of_another_certificate() throws IOException {
        Files.writeString(
                dir.resolve("key.pem"),
                Pem.write(usEast.svid(CART, Duration.ofHours(1)).key()));

        assertThatThrownBy(() -> FileCredentials.load(files()))
                .as("a stranger's key")
                .hasMessageContaining("expected: the key of");
    }

    @Test
    void refuses_one_root_in_two_trust_domains() throws IOException {
        CredentialFiles shared = new CredentialFiles(
                dir.resolve("chain.pem"),
                dir.resolve("key.pem"),
                Map.of(DOMAIN, dir.resolve("roots.pem"), PARTNER, dir.resolve("roots.pem")));

        assertThatThrownBy(() -> FileCredentials.load(shared))
                .as("pooled roots")
                .hasMessageContaining("a key in one domain only");
    }

    @Test
    void refuses_a_missing_file_and_noise_by_name() throws IOException {
        Files.writeString(dir.resolve("chain.pem"), "-----BEGIN NOISE-----\nAAAA\n-----END NOISE-----\n");
        assertThatThrownBy(() -> FileCredentials.load(files())).as("noise").hasMessageContaining("chain.pem: PEM");

        Files.delete(dir.resolve("chain.pem"));
        assertThatThrownBy(() -> FileCredentials.load(files()))
                .as("missing")
                .hasMessageContaining("chain.pem (expected");
    }

    @Test
    void tells_subscribers_of_a_change_and_of_nothing_else() throws IOException {
        FileCredentials credentials = FileCredentials.load(files());
        AtomicInteger told = new AtomicInteger();
        Subscription subscription = credentials.subscribe(told::incrementAndGet);

        assertThat(credentials.reload()).as("nothing new").isEqualTo(new Reload.Unchanged());
        write(usEast.svid(CART, Duration.ofHours(2)));
        assertThat(credentials.reload()).as("a new leaf").isEqualTo(new Reload.Changed());
        subscription.close();
        write(usEast.svid(CART, Duration.ofHours(3)));
        assertThat(credentials.reload()).as("another").isEqualTo(new Reload.Changed());

        assertThat(told).as("calls").hasValue(1);
        assertThat(credentials.bundles().generation()).as("same roots").isEqualTo(1);
    }

    @Test
    void numbers_the_generations_of_its_roots() throws IOException {
        FileCredentials credentials = FileCredentials.load(files());
        X509Certificate next = Authority.root(DOMAIN).root();
        Files.writeString(dir.resolve("roots.pem"), Pem.write(List.of(root.root(), next)));

        credentials.reload();

        assertThat(credentials.bundles().generation()).as("generation").isEqualTo(2);
        assertThat(credentials.bundles().rootsOf(DOMAIN)).as("both").containsExactly(root.root(), next);
    }

    @Test
    void keeps_the_last_good_files_when_new_ones_are_broken() throws IOException {
        FileCredentials credentials = FileCredentials.load(files());
        X509Svid before = credentials.svid();
        Files.writeString(dir.resolve("roots.pem"), "");

        Reload outcome = credentials.reload();

        assertThat(outcome)
                .as("outcome")
                .isInstanceOfSatisfying(
                        Reload.Kept.class,
                        kept -> assertThat(kept.why()).as("why").contains("roots.pem: PEM: no block"));
        assertThat(credentials.svid()).as("identity").isSameAs(before);
        assertThat(credentials.bundles().rootsOf(DOMAIN)).as("roots").containsExactly(root.root());
    }

    @Test
    void watches_its_files_when_asked() throws Exception {
        FileCredentials credentials = FileCredentials.load(files());
        BlockingQueue<Reload> outcomes = new LinkedBlockingQueue<>();

        try (Subscription watch = credentials.watch(Duration.ofMillis(100), outcomes::add)) {
            assertThat(outcomes.poll(10, TimeUnit.SECONDS)).as("first look").isEqualTo(new Reload.Unchanged());
        }
    }

    @Test
    void refuses_to_watch_all_the_time() {
        FileCredentials credentials = FileCredentials.load(files());

        assertThatThrownBy(() -> credentials.watch(Duration.ZERO, outcome -> {}))
                .as("no pause")
                .hasMessage("interval: PT0S (expected: >= PT0.1S)");
    }

    private CredentialFiles files() {
        return new CredentialFiles(
                dir.resolve("chain.pem"), dir.resolve("key.pem"), Map.of(DOMAIN, dir.resolve("roots.pem")));
    }

    private void write(X509Svid svid) throws IOException {
        Files.writeString(dir.resolve("chain.pem"), Pem.write(svid.chain()));
        Files.writeString(dir.resolve("key.pem"), Pem.write(svid.key()));
        Files.setPosixFilePermissions(dir.resolve("key.pem"), PosixFilePermissions.fromString("rw-------"));
    }
}
