package io.beringia.trust.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.beringia.trust.TrustTelemetry;
import io.beringia.trust.authority.Authority;
import io.beringia.trust.authority.Profile;
import io.beringia.trust.client.GrpcTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.client.proto.IstioCertificateRequest;
import io.beringia.trust.client.proto.IstioCertificateServiceGrpc;
import io.beringia.trust.client.proto.IstioCertificateServiceGrpc.IstioCertificateServiceBlockingStub;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerifier.PeerRole;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.pki.CaSigner;
import io.beringia.trust.pki.CertificateRequest;
import io.beringia.trust.pki.Fingerprint;
import io.beringia.trust.pki.KeyPairs;
import io.beringia.trust.pki.Pem;
import io.beringia.trust.pki.X509;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IssuanceServerTest {
    private static final TrustDomain DOMAIN = TrustDomain.parse("corp.example");
    private static final SpiffeId CART = SpiffeId.ofWorkload(DOMAIN, "shop", "cart");
    private static final SpiffeId ZTUNNEL = SpiffeId.ofWorkload(DOMAIN, "istio-system", "ztunnel");
    private static final SpiffeId GATEWAY = SpiffeId.ofWorkload(DOMAIN, "beringia", "gateway");
    private static final SpiffeId SERVER = SpiffeId.ofWorkload(DOMAIN, "beringia", "trust");
    private static final InstantSource CLOCK = InstantSource.system();
    private static final IssuanceConfig.Kubernetes KUBERNETES = new IssuanceConfig.Kubernetes(
            Optional.empty(), "istio-ca", Set.of("alias"), Set.of("istio-system/ztunnel"));

    private final Authority root = Authority.root(DOMAIN);
    private final Authority usEast = root.intermediate("us-east");
    private final Authority foreign = Authority.root(TrustDomain.parse("partner.example"));
    private final TrustBundles bundles =
            new TrustBundles(1, Map.of(DOMAIN, List.of(root.root()), foreign.trustDomain(), List.of(foreign.root())));
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final KeyPair pair = KeyPairs.p256(new SecureRandom());
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final Map<String, TokenReviewer.Review> reviews = new ConcurrentHashMap<>();
    private final ClusterApi api = new ClusterApi(
            (token, audience) -> reviews.getOrDefault(token, new TokenReviewer.Refused("unknown")),
            () -> PodView.of(
                    CLOCK.instant(),
                    List.of(pod("z-1", ZTUNNEL, "node-1"), pod("c-1", CART, "node-1"), pod("g-1", GATEWAY, "node-2"))));
    private IssuanceServer server;

    @TempDir
    private Path dir = Path.of("");

    @BeforeEach
    void start_server() throws IOException {
        Files.writeString(dir.resolve("roots.pem"), Pem.write(root.root()));
        server = start(usEast, config(true));
    }

    @AfterEach
    void close() throws InterruptedException {
        for (ManagedChannel channel : channels) {
            channel.shutdownNow();
            assertThat(channel.awaitTermination(10, TimeUnit.SECONDS))
                    .as("channel ended")
                    .isTrue();
        }
        server.close();
    }

    @Test
    void answers_leaf_then_intermediate_then_all_roots_of_its_own_domain() {
        List<String> chain = with("cart-token").createCertificate(request()).getCertChainList();

        assertThat(chain).as("elements").hasSize(3);
        assertThat(chain).as("each ends its line").allMatch(element -> element.endsWith("-----\n"));
        assertThat(Pem.certificates(chain.get(1))).as("intermediate").containsExactly(usEast.certificate());
        assertThat(Pem.certificates(chain.get(2)))
                .as("own roots, no foreign one")
                .containsExactly(root.root());
    }

    @Test
    void while_the_key_that_signs_is_away_it_says_no_more_than_that() {
        CaSigner.InMemory key = root.newIntermediate("us-east", Duration.ofDays(1));
        AtomicBoolean away = new AtomicBoolean();
        server.close();
        server = start(Authority.of(new Leaving(key, away), root.root(), CLOCK), config(true));
        away.set(true);

        refuses(with("cart-token"), request(), Status.Code.UNAVAILABLE, Refusal.SIGNER_AWAY);
        away.set(false);
        assertThat(with("cart-token").createCertificate(request()).getCertChainList())
                .as("back again")
                .hasSize(3);
    }

    @Test
    void its_own_certificate_stays_while_the_key_that_signs_is_away() {
        CaSigner.InMemory key = root.newIntermediate("us-east", Duration.ofDays(1));
        AtomicBoolean away = new AtomicBoolean();
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        OwnCredentials own = new OwnCredentials(
                Authority.of(new Leaving(key, away), root.root(), CLOCK),
                SERVER,
                List.of(),
                Duration.ofHours(1),
                bundles,
                now::get);
        X509Certificate first = own.svid().leaf();

        away.set(true);
        now.updateAndGet(it -> it.plus(Duration.ofMinutes(50)));
        assertThat(own.svid().leaf()).as("away").isEqualTo(first);
        away.set(false);
        assertThat(own.svid().leaf()).as("back again").isNotEqualTo(first);
    }

    /** Signs until it is away. */
    private record Leaving(CaSigner.InMemory key, AtomicBoolean away) implements CaSigner {
        @Override
        public X509Certificate certificate() {
            return key.certificate();
        }

        @Override
        public byte[] sign(byte[] octets) {
            if (away.get()) {
                throw new IllegalStateException("token: gone (expected: there)");
            }
            return key.sign(octets);
        }
    }

    @Test
    void the_leaf_is_for_the_key_of_the_request_and_the_id_of_the_token() {
        X509Certificate leaf = leafOf(with("cart-token"), request());

        assertThat(leaf.getPublicKey()).as("key").isEqualTo(pair.getPublic());
        assertThat(Authority.idOf(leaf)).as("ID, whatever the request asks for").contains(CART);
        assertThat(meters.counter("trust.svids.issued").count()).as("counted").isEqualTo(1);
    }

    @Test
    void renews_by_the_current_certificate() {
        X509Certificate leaf = leafOf(stub(tls(usEast, CART).channel(SERVER::equals)), request());

        assertThat(Authority.idOf(leaf)).as("its own ID").contains(CART);
    }

    @Test
    void a_certificate_of_another_cluster_does_not_become_one_of_ours() {
        var stub = stub(tls(root.intermediate("us-west"), CART).channel(SERVER::equals));

        refuses(stub, request(), Status.Code.UNAUTHENTICATED, Refusal.OTHER_CLUSTER);
    }

    @Test
    void a_strangers_certificate_ends_the_handshake() {
        var stub =
                stub(tls(Authority.root(DOMAIN).intermediate("us-east"), CART).channel(SERVER::equals));

        assertThatThrownBy(() -> stub.createCertificate(request()))
                .as("no call")
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).as("code").isEqualTo(Status.Code.UNAVAILABLE));
    }

    @Test
    void a_client_that_expects_another_server_does_not_talk() {
        var stub = stub(tls(usEast, CART).channel(GATEWAY::equals));

        assertThatThrownBy(() -> stub.createCertificate(request()))
                .as("no call")
                .isInstanceOf(StatusRuntimeException.class);
    }

    @Test
    void a_node_proxy_gets_the_ids_on_its_list_and_no_others() {
        assertThat(Authority.idOf(leafOf(with("ztunnel-token"), impersonating(CART.toString()))))
                .as("listed")
                .contains(CART);
        for (String other : List.of(
                GATEWAY.toString(),
                "spiffe://partner.example/ns/shop/sa/cart",
                CART + "/",
                "spiffe://corp.example/x",
                "")) {
            refuses(with("ztunnel-token"), impersonating(other), Status.Code.UNAUTHENTICATED, Refusal.IMPERSONATION);
        }
    }

    @Test
    void refuses_a_caller_without_or_with_a_wrong_token_in_the_same_words() {
        refuses(with("wrong"), request(), Status.Code.UNAUTHENTICATED, Refusal.UNKNOWN_TOKEN);
        refuses(anonymous(), request(), Status.Code.UNAUTHENTICATED, Refusal.NO_CREDENTIALS);
    }

    @Test
    void a_service_accounts_token_is_that_accounts_and_the_cluster_must_be_ours() {
        reviews.put("pod-token", genuine("system:serviceaccount:shop:cart", Map.of()));

        assertThat(Authority.idOf(leafOf(with("pod-token"), request())))
                .as("ID")
                .contains(CART);
        for (String ours : List.of("", "us-east", "alias")) {
            assertThat(Authority.idOf(leafOf(with("pod-token", ours), request())))
                    .as("clusterid %s", ours)
                    .contains(CART);
        }
        refuses(with("pod-token", "us-west"), request(), Status.Code.UNAUTHENTICATED, Refusal.UNKNOWN_CLUSTER);
        refuses(
                with("pod-token", "us-east", "us-east"),
                request(),
                Status.Code.UNAUTHENTICATED,
                Refusal.UNKNOWN_CLUSTER);
        refuses(
                with("pod-token"),
                impersonating(GATEWAY.toString()),
                Status.Code.UNAUTHENTICATED,
                Refusal.IMPERSONATION);
    }

    @Test
    void a_node_proxy_gets_the_pods_of_its_own_node() {
        reviews.put(
                "node-token",
                genuine(
                        "system:serviceaccount:istio-system:ztunnel",
                        Map.of(
                                "authentication.kubernetes.io/pod-name", List.of("z-1"),
                                "authentication.kubernetes.io/pod-uid", List.of("uid-z-1"))));

        assertThat(Authority.idOf(leafOf(with("node-token"), impersonating(CART.toString()))))
                .as("a pod of its node")
                .contains(CART);
        refuses(
                with("node-token"),
                impersonating(GATEWAY.toString()),
                Status.Code.UNAUTHENTICATED,
                Refusal.IMPERSONATION);
    }

    @Test
    void says_that_it_cannot_now_where_the_api_server_is_away() {
        reviews.put("pod-token", new TokenReviewer.Unreachable("no answer"));

        refuses(with("pod-token"), request(), Status.Code.UNAVAILABLE, Refusal.REVIEWER_AWAY);
    }

    @Test
    void one_caller_alone_may_not_ask_for_ever() {
        Callers callers = new Callers(
                new Authentication(
                        new SpiffeVerifier(), List.of(token("cart-token", CART)), Optional.empty(), Optional.empty()),
                TokenReviewer.NONE);
        Authentication.Shown shown =
                new Authentication.Shown(List.of(), List.of("Bearer cart-token"), List.of(), "10.0.0.1");
        Instant now = Instant.now();

        List<Callers.Outcome> outcomes = Stream.generate(() -> callers.of(shown, bundles, now))
                .limit(513)
                .toList();

        assertThat(outcomes.subList(0, 512)).as("a burst").allMatch(Callers.Known.class::isInstance);
        assertThat(outcomes.getLast())
                .as("one more")
                .isInstanceOfSatisfying(
                        Callers.Refused.class,
                        refused -> assertThat(refused.why()).isEqualTo(Refusal.TOO_OFTEN));
        assertThat(callers.of(shown, bundles, now.plusSeconds(1)))
                .as("a second later")
                .isInstanceOf(Callers.Known.class);
    }

    @Test
    void refuses_a_broken_request_a_short_life_and_another_signer() {
        refuses(
                with("cart-token"),
                request().toBuilder().setCsr("x").build(),
                Status.Code.INVALID_ARGUMENT,
                Refusal.BAD_REQUEST);
        refuses(with("cart-token"), lasting(179), Status.Code.INVALID_ARGUMENT, Refusal.BAD_TTL);
        refuses(with("cart-token"), lasting(86_401), Status.Code.INVALID_ARGUMENT, Refusal.BAD_TTL);
        refuses(with("cart-token"), lasting(Long.MAX_VALUE), Status.Code.INVALID_ARGUMENT, Refusal.BAD_TTL);
        refuses(with("cart-token"), metadata("CertSigner", "x"), Status.Code.INVALID_ARGUMENT, Refusal.OTHER_SIGNER);
    }

    @Test
    void issues_the_default_life_where_none_is_asked_for() {
        X509Certificate leaf = leafOf(with("cart-token"), lasting(0));

        assertThat(Duration.between(
                        leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant()))
                .as("24 hours and the back-dating")
                .isEqualTo(Duration.ofHours(24).plusMinutes(2));
    }

    @Test
    void a_server_gets_its_dns_names_and_nobody_else_does() throws Exception {
        assertThat(leafOf(with("gateway-token"), request()).getSubjectAlternativeNames())
                .as("ID and DNS name")
                .hasSize(2);
        assertThat(leafOf(with("cart-token"), request()).getSubjectAlternativeNames())
                .as("ID alone")
                .hasSize(1);
    }

    @Test
    void says_how_long_its_own_certificates_and_roots_last() {
        double day = Duration.ofDays(1).toSeconds();
        assertThat(meters.get("trust.intermediate.expiry.seconds").gauge().value())
                .as("intermediate")
                .isBetween(89 * day, 90 * day);
        assertThat(meters.get("trust.root.expiry.seconds").gauge().value())
                .as("the first of the roots")
                .isBetween(3_640 * day, 3_660 * day);
    }

    @Test
    void what_it_issues_verifies() {
        List<X509Certificate> chain = with("cart-token").createCertificate(request()).getCertChainList().stream()
                .limit(2)
                .flatMap(pem -> Pem.certificates(pem).stream())
                .toList();

        assertThat(new SpiffeVerifier().verify(X509.encoded(chain), PeerRole.CLIENT, bundles, Instant.now()))
                .as("verdict")
                .isInstanceOf(PeerVerdict.Verified.class);
    }

    @Test
    void refuses_to_start_with_static_tokens_below_a_real_root() {
        Authority real = Authority.root(DOMAIN, Profile.SPIFFE, CLOCK).intermediate("us-east");

        assertThatThrownBy(() -> start(real, config(true)))
                .as("tokens below a real root")
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(expected: none, or a root made with --demo)");
        assertThatThrownBy(() -> config(false))
                .as("tokens without demo")
                .hasMessage("issuance.static-tokens: 3 (expected: none without demo: true)");
    }

    private void refuses(
            IstioCertificateServiceBlockingStub stub, IstioCertificateRequest request, Status.Code code, Refusal why) {
        double before = refused(why);

        assertThatThrownBy(() -> stub.createCertificate(request))
                .as("%s", why)
                .isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
                    assertThat(e.getStatus().getCode()).as("code").isEqualTo(code);
                    assertThat(e.getStatus().getDescription())
                            .as("opaque")
                            .isEqualTo(why.answer().text());
                });
        assertThat(refused(why) - before).as("counted as %s", why).isEqualTo(1);
    }

    private double refused(Refusal why) {
        return meters.counter("trust.issuance.refused", "reason", why.word()).count();
    }

    private static X509Certificate leafOf(IstioCertificateServiceBlockingStub stub, IstioCertificateRequest request) {
        return Pem.certificates(stub.createCertificate(request).getCertChain(0)).getFirst();
    }

    private IstioCertificateRequest request() {
        return lasting(3_600);
    }

    private IstioCertificateRequest lasting(long seconds) {
        return IstioCertificateRequest.newBuilder()
                .setCsr(CertificateRequest.write(pair, "spiffe://corp.example/ns/admin/sa/admin"))
                .setValidityDuration(seconds)
                .build();
    }

    private IstioCertificateRequest impersonating(String id) {
        return metadata("ImpersonatedIdentity", id);
    }

    private IstioCertificateRequest metadata(String key, String value) {
        return request().toBuilder()
                .setMetadata(Struct.newBuilder()
                        .putFields(key, Value.newBuilder().setStringValue(value).build()))
                .build();
    }

    private static TokenReviewer.Genuine genuine(String user, Map<String, List<String>> extra) {
        return new TokenReviewer.Genuine(user, Set.of("system:serviceaccounts"), List.of("istio-ca"), extra);
    }

    private static PodView.Pod pod(String name, SpiffeId id, String node) {
        SpiffeId.ServiceAccount account = id.serviceAccount().orElseThrow();
        return new PodView.Pod(
                account.namespace(), name, "uid-" + name, account.name(), Optional.of(node), PodView.Phase.RUNNING);
    }

    private IstioCertificateServiceBlockingStub with(String token, String... clusterIds) {
        Metadata headers = new Metadata();
        for (String clusterId : clusterIds) {
            headers.put(Metadata.Key.of("clusterid", Metadata.ASCII_STRING_MARSHALLER), clusterId);
        }
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        return anonymous().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private IstioCertificateServiceBlockingStub anonymous() {
        return stub(GrpcTls.anonymousChannel(bundles, new SpiffeVerifier(), CLOCK, SERVER::equals));
    }

    private IstioCertificateServiceBlockingStub stub(ChannelCredentials credentials) {
        ManagedChannel channel = Grpc.newChannelBuilderForAddress("127.0.0.1", server.port(), credentials)
                .build();
        channels.add(channel);
        return IstioCertificateServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private GrpcTls tls(Authority authority, SpiffeId id) {
        return new GrpcTls(
                new FixedCredentials(authority.svid(id, Duration.ofHours(1)), bundles), new SpiffeVerifier(), CLOCK);
    }

    private IssuanceServer start(Authority authority, IssuanceConfig config) {
        OwnCredentials own = new OwnCredentials(
                authority,
                SERVER,
                List.of(),
                Duration.ofHours(1),
                new TrustBundles(
                        1, Map.of(DOMAIN, List.of(authority.root()), foreign.trustDomain(), List.of(foreign.root()))),
                CLOCK);
        return IssuanceServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new Issuer(authority, own, dir.resolve("roots.pem")),
                config,
                api,
                new TrustTelemetry(meters, CLOCK),
                CLOCK);
    }

    private static IssuanceConfig config(boolean demo) {
        return new IssuanceConfig(
                demo,
                IssuanceConfig.DEFAULT_TTL,
                IssuanceConfig.DEFAULT_TTL,
                Stream.of(
                                token("cart-token", CART),
                                token("gateway-token", GATEWAY),
                                token("ztunnel-token", ZTUNNEL, CART))
                        .toList(),
                Map.of(GATEWAY, List.of("gateway.us-east.example")),
                Optional.of(KUBERNETES));
    }

    private static StaticToken token(String token, SpiffeId id, SpiffeId... others) {
        return new StaticToken(Fingerprint.sha256(token.getBytes(StandardCharsets.UTF_8)), id, Set.of(others));
    }
}
