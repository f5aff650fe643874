package io.beringia.trust.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.trust.TrustTelemetry;
import io.beringia.trust.authority.Authority;
import io.beringia.trust.authority.Profile;
import io.beringia.trust.client.FirstCertificate;
import io.beringia.trust.client.RemoteCredentials;
import io.beringia.trust.client.RemoteCredentials.Renewal;
import io.beringia.trust.client.RemoteSource;
import io.beringia.trust.client.RevocationFiles;
import io.beringia.trust.client.RevocationWatch;
import io.beringia.trust.identity.Credentials.Subscription;
import io.beringia.trust.identity.CrlPolicy;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import io.beringia.trust.pki.Fingerprint;
import io.beringia.trust.pki.Pem;
import io.beringia.trust.pki.X509;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RemoteCredentialsTest {
    private static final TrustDomain DOMAIN = TrustDomain.parse("corp.example");
    private static final SpiffeId CART = SpiffeId.ofWorkload(DOMAIN, "shop", "cart");
    private static final SpiffeId SERVER = SpiffeId.ofWorkload(DOMAIN, "beringia", "trust");

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final Authority root = Authority.root(DOMAIN, Profile.DEMO, this::now);
    private final Authority usEast = root.intermediate("us-east");
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private IssuanceServer server;

    @TempDir
    private Path dir = Path.of("");

    @BeforeEach
    void start_with_roots_and_a_token() throws IOException {
        Files.writeString(dir.resolve("roots.pem"), Pem.write(root.root()));
        Files.writeString(dir.resolve("token"), "cart-token\n");
        server = start(0);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void fetches_an_identity_and_its_roots() {
        try (RemoteCredentials credentials = open()) {
            assertThat(credentials.svid().id()).as("who").isEqualTo(CART);
            assertThat(credentials.svid().chain()).as("leaf and intermediate").hasSize(2);
            assertThat(credentials.bundles().rootsOf(DOMAIN)).as("roots").containsExactly(root.root());
        }
    }

    @Test
    void renews_with_a_new_key_and_tells_its_subscribers() {
        try (RemoteCredentials credentials = open()) {
            X509Svid before = credentials.svid();
            AtomicInteger told = new AtomicInteger();

            try (Subscription subscription = credentials.subscribe(told::incrementAndGet)) {
                assertThat(credentials.renew()).as("outcome").isInstanceOf(Renewal.Renewed.class);
            }

            assertThat(credentials.svid().leaf().getPublicKey())
                    .as("key")
                    .isNotEqualTo(before.leaf().getPublicKey());
            assertThat(told).as("calls").hasValue(1);
            assertThat(credentials.bundles().generation()).as("same roots").isEqualTo(1);
        }
    }

    @Test
    void renews_by_its_certificate_when_the_token_is_gone() throws IOException {
        try (RemoteCredentials credentials = open()) {
            Files.writeString(dir.resolve("token"), "stale");

            assertThat(credentials.renew()).as("outcome").isInstanceOf(Renewal.Renewed.class);
        }
    }

    @Test
    void renews_by_its_token_when_its_certificate_has_expired() {
        try (RemoteCredentials credentials = open()) {
            now.set(Instant.now().plus(Duration.ofHours(2)));
            assertThat(credentials.svid().notAfter()).as("expired").isBefore(now());

            assertThat(credentials.renew()).as("outcome").isInstanceOf(Renewal.Renewed.class);
            assertThat(credentials.svid().notAfter()).as("good again").isAfter(now());
        }
    }

    @Test
    void keeps_the_last_good_certificate_while_the_server_is_away() {
        try (RemoteCredentials credentials = open()) {
            X509Svid before = credentials.svid();
            server.close();

            assertThat(credentials.renew()).as("outcome").isInstanceOf(Renewal.Kept.class);
            assertThat(credentials.svid()).as("identity").isSameAs(before);
        }
    }

    @Test
    void says_why_there_is_no_first_certificate() throws IOException {
        Files.writeString(dir.resolve("token"), "wrong");
        assertThatThrownBy(this::open).as("wrong token").hasMessageContaining("request authenticate failure");

        Files.writeString(
                dir.resolve("roots.pem"), Pem.write(Authority.root(DOMAIN).root()));
        assertThatThrownBy(this::open).as("a server of a foreign root").hasMessageContaining("UNAVAILABLE");
    }

    @Test
    void takes_a_certificate_for_nobody_but_who_it_is_to_be() {
        assertThatThrownBy(() -> open(Optional.of(SERVER)))
                .as("a token of somebody else")
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("answer: for " + CART + " (expected: for " + SERVER + ")");
        try (RemoteCredentials credentials = open(Optional.empty())) {
            assertThat(credentials.svid().id()).as("whoever the token says").isEqualTo(CART);
        }
    }

    @Test
    void asks_again_for_the_first_certificate_until_the_server_is_there() {
        int port = server.port();
        server.close();
        FirstCertificate first = new FirstCertificate(
                source(port, Optional.of(CART)),
                RevocationWatch.open(RevocationFiles.NONE, this::now, news -> {}),
                this::now,
                none -> {});

        assertThat(first.ask())
                .as("no server")
                .isInstanceOfSatisfying(FirstCertificate.Attempt.NotYet.class, notYet -> {
                    assertThat(notYet.why()).as("why").contains("127.0.0.1:" + port, "UNAVAILABLE");
                    assertThat(notYet.pause()).as("pause").isBetween(Duration.ofMillis(200), Duration.ofMillis(300));
                });
        IssuanceServer later = start(port);
        try {
            assertThat(first.ask()).as("a server").isInstanceOfSatisfying(FirstCertificate.Attempt.Got.class, got -> {
                assertThat(got.credentials().svid().id()).as("who").isEqualTo(CART);
                got.credentials().close();
            });
        } finally {
            later.close();
        }
    }

    /** Eight attempts, each twice as long after the last one, would take minutes. */
    @Test
    void a_server_that_ended_is_asked_for_roots_again_and_again_until_it_is_back() throws IOException {
        try (RemoteCredentials credentials = open()) {
            Awaitility.await("its roots are followed")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> meters.get("trust.bundle.watchers").gauge().value() == 1);
            int port = server.port();
            server.close();

            try (ServerSocket nobody = new ServerSocket()) {
                nobody.setReuseAddress(true);
                nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                nobody.setSoTimeout(30_000);
                for (int attempt = 1; attempt <= 8; attempt++) {
                    nobody.accept().close();
                }
            }
            Authority next = Authority.root(DOMAIN, Profile.DEMO, this::now);
            Files.writeString(dir.resolve("roots.pem"), Pem.write(List.of(root.root(), next.root())));
            server = start(port);

            Awaitility.await("and then they are pushed")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> credentials.bundles().rootsOf(DOMAIN).size() == 2);
        }
    }

    /** Its intermediate is taken back: by the operator of this process alone, and while it runs. */
    @Test
    void a_server_that_is_trusted_no_more_is_asked_for_nothing_and_followed_no_more() throws IOException {
        Path denylist = Files.writeString(dir.resolve("denylist"), "");
        RevocationFiles files =
                new RevocationFiles(Optional.empty(), Optional.empty(), CrlPolicy.OPEN, Optional.of(denylist));
        BlockingQueue<RemoteCredentials.News> news = new LinkedBlockingQueue<>();
        try (RevocationWatch watch = RevocationWatch.open(files, this::now, told -> {});
                RemoteCredentials credentials =
                        RemoteCredentials.open(source(server.port(), Optional.of(CART)), watch, this::now, news::add)) {
            Awaitility.await("its roots are followed")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> meters.get("trust.bundle.watchers").gauge().value() == 1);
            X509Svid before = credentials.svid();

            Files.writeString(denylist, "certificate " + Fingerprint.sha256(X509.encoded(usEast.certificate())) + "\n");

            Awaitility.await("its stream ends, and the next one does not come about")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> news.stream()
                            .filter(RemoteCredentials.Roots.Unwatched.class::isInstance)
                            .anyMatch(it -> it.toString().contains("denied")));
            assertThat(news.stream().map(Object::toString))
                    .as("told at once")
                    .anyMatch(it -> it.contains("whom we trust has changed"));
            assertThat(credentials.renew())
                    .as("renewal")
                    .isInstanceOfSatisfying(
                            Renewal.Kept.class, kept -> assertThat(kept.why()).contains("denied"));
            assertThat(credentials.svid()).as("the last good one").isEqualTo(before);
            assertThatThrownBy(() -> RemoteCredentials.open(
                            source(server.port(), Optional.of(CART)), watch, this::now, told -> {}))
                    .as("a first certificate")
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("denied");
        }
    }

    private Instant now() {
        return Objects.requireNonNull(now.get());
    }

    private RemoteCredentials open() {
        return open(Optional.of(CART));
    }

    private RemoteCredentials open(Optional<SpiffeId> id) {
        return RemoteCredentials.open(source(server.port(), id), this::now, renewal -> {});
    }

    private RemoteSource source(int port, Optional<SpiffeId> id) {
        return new RemoteSource(
                "127.0.0.1", port, SERVER, dir.resolve("roots.pem"), dir.resolve("token"), Duration.ofHours(1), id);
    }

    private IssuanceServer start(int port) {
        StaticToken token =
                new StaticToken(Fingerprint.sha256("cart-token".getBytes(StandardCharsets.US_ASCII)), CART, Set.of());
        return IssuanceServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                new Issuer(
                        usEast,
                        new OwnCredentials(usEast, SERVER, List.of(), Duration.ofHours(1), root.bundles(), this::now),
                        dir.resolve("roots.pem")),
                new IssuanceConfig(
                        true,
                        IssuanceConfig.DEFAULT_TTL,
                        IssuanceConfig.DEFAULT_TTL,
                        List.of(token),
                        Map.of(),
                        Optional.empty()),
                ClusterApi.NONE,
                new TrustTelemetry(meters, this::now),
                this::now);
    }
}
