package io.beringia.trust.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.TrustTelemetry;
import io.beringia.trust.authority.Authority;
import io.beringia.trust.client.GrpcTls;
import io.beringia.trust.client.RemoteCredentials;
import io.beringia.trust.client.RemoteCredentials.News;
import io.beringia.trust.client.RemoteCredentials.Roots;
import io.beringia.trust.client.RemoteSource;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.client.proto.BundlesGrpc;
import io.beringia.trust.client.proto.BundlesInForce;
import io.beringia.trust.client.proto.BundlesState;
import io.beringia.trust.federation.Foreign;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import io.beringia.trust.pki.Fingerprint;
import io.beringia.trust.pki.Pem;
import io.beringia.trust.pki.PemFile;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Roots pushed from the file of a real server to real clients. */
final class BundlesServiceTest {
    private static final TrustDomain DOMAIN = TrustDomain.parse("corp.example");
    private static final TrustDomain PARTNER = TrustDomain.parse("partner.example");
    private static final SpiffeId CART = SpiffeId.ofWorkload(DOMAIN, "shop", "cart");
    private static final SpiffeId SERVER = SpiffeId.ofWorkload(DOMAIN, "beringia", "trust");
    private static final InstantSource CLOCK = InstantSource.system();
    private static final Instant WRITTEN = Instant.parse("2026-06-01T12:00:00Z");

    private final Authority root = Authority.root(DOMAIN);
    private final Authority usEast = root.intermediate("us-east");
    private final X509Certificate next = Authority.root(DOMAIN).root();
    private final X509Certificate foreign = Authority.root(PARTNER).root();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicReference<Foreign> fetched =
            new AtomicReference<>(new Foreign(Map.of(PARTNER, List.of(foreign)), Instant.EPOCH));
    private final Queue<News> news = new ConcurrentLinkedQueue<>();
    private IssuanceServer server;

    @TempDir
    private Path dir = Path.of("");

    @BeforeEach
    void start() throws IOException {
        Files.writeString(dir.resolve("first.pem"), Pem.write(root.root()));
        Files.writeString(dir.resolve("token"), "cart-token");
        write(WRITTEN, root.root());
        server = start(0);
    }

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void a_new_root_arrives_without_a_renewal() throws IOException {
        try (RemoteCredentials credentials = open()) {
            X509Svid svid = credentials.svid();
            AtomicInteger told = new AtomicInteger();
            credentials.subscribe(told::incrementAndGet);
            awaitWatchers(1);

            write(WRITTEN.plusSeconds(60), root.root(), next);

            await("both roots")
                    .until(() -> credentials.bundles().rootsOf(DOMAIN).equals(List.of(root.root(), next)));
            await("word of them").until(() -> told.get() > 0);
            assertThat(credentials.svid()).as("certificate").isSameAs(svid);
            assertThat(credentials.bundles().generation())
                    .as("generation")
                    .isEqualTo(WRITTEN.plusSeconds(60).toEpochMilli());
            await("nobody behind").until(() -> gauge("trust.bundle.laggards") == 0);
        }
        awaitWatchers(0);
    }

    @Test
    void roots_of_every_domain_arrive_each_under_its_own() {
        try (RemoteCredentials credentials = open()) {
            await("the partner's root")
                    .until(() -> credentials.bundles().rootsOf(PARTNER).equals(List.of(foreign)));
            assertThat(credentials.bundles().rootsOf(DOMAIN)).as("ours").containsExactly(root.root());

            assertThat(credentials.renew())
                    .as("an answer names our own roots alone")
                    .isInstanceOf(RemoteCredentials.Renewal.Renewed.class);
            assertThat(credentials.bundles().rootsOf(PARTNER))
                    .as("and takes no other away")
                    .containsExactly(foreign);
        }
    }

    @Test
    void a_file_that_cannot_be_published_leaves_the_last_good_roots_and_the_next_good_one_counts() throws IOException {
        try (RemoteCredentials credentials = open()) {
            awaitWatchers(1);
            Files.writeString(dir.resolve("roots.pem"), "garbage");
            await("a refusal")
                    .until(() -> meters.counter("trust.bundle.refused").count() == 1);
            write(WRITTEN.plusSeconds(30), next);
            await("another").until(() -> meters.counter("trust.bundle.refused").count() == 2);
            assertThat(credentials.bundles().rootsOf(DOMAIN)).as("still").containsExactly(root.root());

            write(WRITTEN.plusSeconds(60), next, root.root());

            await("both roots")
                    .until(() -> credentials.bundles().rootsOf(DOMAIN).equals(List.of(next, root.root())));
        }
    }

    @Test
    void a_foreign_root_that_is_withdrawn_goes_even_while_our_own_file_is_garbage() throws IOException {
        try (RemoteCredentials credentials = open()) {
            await("the partner's roots")
                    .until(() -> !credentials.bundles().rootsOf(PARTNER).isEmpty());
            Files.writeString(dir.resolve("roots.pem"), "garbage");
            fetched.set(Foreign.NONE);

            await("none of the partner's")
                    .until(() -> credentials.bundles().rootsOf(PARTNER).isEmpty());
            assertThat(credentials.bundles().rootsOf(DOMAIN)).as("ours").containsExactly(root.root());
        }
    }

    @Test
    void older_roots_of_a_server_that_was_restarted_are_refused_and_newer_ones_are_taken() throws IOException {
        try (RemoteCredentials credentials = open()) {
            awaitWatchers(1);
            await("pushed roots")
                    .until(() -> !credentials.bundles().rootsOf(PARTNER).isEmpty());
            int port = server.port();
            server.close();
            write(WRITTEN.minusSeconds(60), root.root(), next);
            server = start(port);

            await("a refusal").until(() -> news.stream().anyMatch(Roots.Refused.class::isInstance));
            assertThat(credentials.bundles().rootsOf(DOMAIN)).as("still").containsExactly(root.root());

            write(WRITTEN.plusSeconds(60), next, root.root());

            await("newer roots")
                    .until(() -> credentials.bundles().rootsOf(DOMAIN).equals(List.of(next, root.root())));
        }
    }

    @Test
    void a_caller_whom_nobody_knows_follows_nothing() throws InterruptedException {
        ManagedChannel channel = Grpc.newChannelBuilderForAddress(
                        "127.0.0.1",
                        server.port(),
                        GrpcTls.anonymousChannel(root.bundles(), new SpiffeVerifier(), CLOCK, SERVER::equals))
                .build();
        CompletableFuture<Status> end = new CompletableFuture<>();
        BundlesGrpc.newStub(channel).watch(new Outcome(end)).onNext(BundlesInForce.getDefaultInstance());

        assertThat(end.orTimeout(20, TimeUnit.SECONDS).join()).as("answer").satisfies(status -> {
            assertThat(status.getCode()).as("code").isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(status.getDescription()).as("words").isEqualTo("request authenticate failure");
        });
        channel.shutdownNow();
        assertThat(channel.awaitTermination(10, TimeUnit.SECONDS))
                .as("channel ended")
                .isTrue();
    }

    private static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(Duration.ofSeconds(30));
    }

    private void awaitWatchers(int count) {
        await(count + " watchers").until(() -> gauge("trust.bundle.watchers") == count);
    }

    private double gauge(String name) {
        return meters.get(name).gauge().value();
    }

    /** As a tool does that replaces a file: never half. */
    private void write(Instant written, X509Certificate... roots) throws IOException {
        Path whole = Files.writeString(dir.resolve("whole.pem"), Pem.write(List.of(roots)));
        Files.setLastModifiedTime(whole, FileTime.from(written));
        Files.move(whole, dir.resolve("roots.pem"), StandardCopyOption.REPLACE_EXISTING);
    }

    private RemoteCredentials open() {
        RemoteSource source = new RemoteSource(
                "127.0.0.1",
                server.port(),
                SERVER,
                dir.resolve("first.pem"),
                dir.resolve("token"),
                Duration.ofHours(1),
                Optional.of(CART));
        return RemoteCredentials.open(source, CLOCK, news::add);
    }

    private IssuanceServer start(int port) {
        Path roots = dir.resolve("roots.pem");
        TrustBundles all = new TrustBundles(
                RootRules.sequence(0, RootsFile.written(roots)),
                Map.of(DOMAIN, PemFile.certificates(roots), PARTNER, List.of(foreign)));
        StaticToken token =
                new StaticToken(Fingerprint.sha256("cart-token".getBytes(StandardCharsets.US_ASCII)), CART, Set.of());
        return IssuanceServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                new Issuer(
                        usEast,
                        new OwnCredentials(usEast, SERVER, List.of(), Duration.ofHours(1), all, CLOCK),
                        dir.resolve("roots.pem")),
                new IssuanceConfig(
                        true,
                        IssuanceConfig.DEFAULT_TTL,
                        IssuanceConfig.DEFAULT_TTL,
                        List.of(token),
                        Map.of(),
                        Optional.empty()),
                ClusterApi.NONE,
                () -> Objects.requireNonNull(fetched.get()),
                IssuanceRecord.NONE,
                new TrustTelemetry(meters, CLOCK),
                CLOCK);
    }

    /** How a stream ends. */
    private record Outcome(CompletableFuture<Status> end) implements StreamObserver<BundlesState> {
        @Override
        public void onNext(BundlesState state) {
            end.complete(Status.OK);
        }

        @Override
        public void onError(Throwable refused) {
            end.complete(Status.fromThrowable(refused));
        }

        @Override
        public void onCompleted() {
            end.complete(Status.OK);
        }
    }
}
