package io.beringia.trust.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import io.beringia.trust.WorkloadTelemetry;
import io.beringia.trust.authority.Authority;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.federation.Fetch;
import io.beringia.trust.identity.CrlPolicy;
import io.beringia.trust.identity.Denylist;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerifier.PeerRole;
import io.beringia.trust.identity.Revocations;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.issuance.Caller;
import io.beringia.trust.issuance.IssuanceRecord;
import io.beringia.trust.issuance.Issuer;
import io.beringia.trust.issuance.OwnCredentials;
import io.beringia.trust.issuance.Refusal;
import io.beringia.trust.pki.CaSigner;
import io.beringia.trust.pki.X509;
import io.beringia.trust.workload.proto.SpiffeWorkloadAPIGrpc;
import io.beringia.trust.workload.proto.X509BundlesRequest;
import io.beringia.trust.workload.proto.X509BundlesResponse;
import io.beringia.trust.workload.proto.X509SVIDRequest;
import io.beringia.trust.workload.proto.X509SVIDResponse;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real server and real clients on a real socket: the kernel says that they are of the user who runs the test. */
final class WorkloadApiTest {
    private static final TrustDomain DOMAIN = TrustDomain.parse("corp.example");
    private static final TrustDomain PARTNER = TrustDomain.parse("partner.example");
    private static final SpiffeId SERVER = SpiffeId.ofWorkload(DOMAIN, "beringia", "trust");
    private static final SpiffeId CART = SpiffeId.ofWorkload(DOMAIN, "shop", "cart");
    private static final SpiffeId WEB = SpiffeId.ofWorkload(DOMAIN, "shop", "web");
    private static final SpiffeId BANK = SpiffeId.ofWorkload(DOMAIN, "bank", "safe");
    private static final String ME = System.getProperty("user.name");

    /** No machine runs a process as the greatest user that there can be. */
    private static final String NOBODY_HERE = String.valueOf(Integer.MAX_VALUE);

    private static final Duration TTL = Duration.ofHours(2);
    private static final int SECONDS = 30;

    @TempDir
    private Path dir = Path.of("");

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final Authority root = Authority.root(DOMAIN);
    private final Authority partner = Authority.root(PARTNER);
    private final Issuer issuer = issuer(root.intermediate("us-east"));
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Recorded recorded = new Recorded();
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final List<WorkloadApi> served = new ArrayList<>();

    @AfterEach
    void end() throws InterruptedException {
        for (ManagedChannel channel : channels) {
            channel.shutdownNow();
            assertThat(channel.awaitTermination(SECONDS, TimeUnit.SECONDS))
                    .as("channel ended")
                    .isTrue();
        }
        served.forEach(WorkloadApi::close);
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void a_workload_gets_what_its_user_may_have_and_nothing_of_others() {
        serve(
                new WorkloadEntry(CART, ME, Optional.empty(), Optional.of("internal")),
                new WorkloadEntry(BANK, NOBODY_HERE, Optional.empty(), Optional.empty()),
                new WorkloadEntry(WEB, ME, Optional.empty(), Optional.empty()));

        X509SVIDResponse answer = svids().next();

        assertThat(answer.getSvidsList())
                .as("identities, in their order")
                .extracting(svid -> svid.getSpiffeId() + " " + svid.getHint())
                .containsExactly(CART + " internal", WEB + " ");
        assertThat(verdict(answer)).as("verified").isInstanceOfSatisfying(PeerVerdict.Verified.class, peer -> {
            assertThat(peer.id()).as("who").isEqualTo(CART);
            assertThat(peer.cluster()).as("where").contains("us-east");
        });
        assertThat(answer.getFederatedBundlesMap().keySet())
                .as("foreign trust domains")
                .containsExactly("spiffe://partner.example");
        assertThat(certificates(answer.getFederatedBundlesOrThrow("spiffe://partner.example")))
                .as("its root alone")
                .containsExactly(partner.root());
        assertThat(recorded.issued).as("recorded").contains(SERVER + " for " + CART);
    }

    @Test
    void bundles_are_those_of_every_trust_domain_our_own_too() {
        serve(entry(CART));

        X509BundlesResponse bundles =
                stub().fetchX509Bundles(X509BundlesRequest.getDefaultInstance()).next();

        assertThat(bundles.getBundlesMap().keySet())
                .as("domains")
                .containsExactlyInAnyOrder("spiffe://corp.example", "spiffe://partner.example");
        assertThat(certificates(bundles.getBundlesOrThrow("spiffe://corp.example")))
                .as("ours")
                .containsExactly(root.root());
    }

    /** By the numbers of the standard's file, with nothing of what we made of it. */
    @Test
    void the_octets_are_those_of_the_standard() throws IOException {
        serve(entry(CART));

        Map<Integer, byte[]> message = fields(raw("SpiffeWorkloadAPI/FetchX509SVID"));
        Map<Integer, byte[]> svid = fields(field(message, 1));

        assertThat(new String(field(svid, 1), StandardCharsets.UTF_8))
                .as("spiffe_id")
                .isEqualTo(CART.toString());
        assertThat(certificates(ByteString.copyFrom(field(svid, 2))))
                .as("x509_svid")
                .hasSize(2);
        assertThat(field(svid, 3)).as("x509_svid_key, PKCS #8").startsWith(0x30);
        assertThat(certificates(ByteString.copyFrom(field(svid, 4))))
                .as("bundle")
                .containsExactly(root.root());
        assertThat(field(fields(field(message, 3)), 1))
                .as("federated_bundles")
                .asString()
                .isEqualTo("spiffe://partner.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "false", "True", "true,true"})
    void a_call_that_is_not_marked_as_meant_gets_nothing(String value) {
        serve(entry(CART));
        Metadata headers = new Metadata();
        List.of(value.split(",")).stream()
                .filter(it -> !it.isEmpty())
                .forEach(it -> headers.put(WorkloadHeader.NAME, it));
        var stub = SpiffeWorkloadAPIGrpc.newBlockingStub(channel())
                .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));

        assertRefused(
                () -> stub.fetchX509SVID(X509SVIDRequest.getDefaultInstance()).next(),
                Status.Code.INVALID_ARGUMENT,
                WorkloadRefusal.NO_HEADER);
    }

    @Test
    void who_has_no_entry_gets_neither_identity_nor_roots() {
        serve(new WorkloadEntry(BANK, NOBODY_HERE, Optional.empty(), Optional.empty()));

        assertRefused(() -> svids().next(), Status.Code.PERMISSION_DENIED, WorkloadRefusal.NOT_ATTESTED);
        assertRefused(
                () -> stub().fetchX509Bundles(X509BundlesRequest.getDefaultInstance())
                        .next(),
                Status.Code.PERMISSION_DENIED,
                WorkloadRefusal.NOT_ATTESTED);
        assertThat(recorded.refused).as("recorded").allMatch(it -> it.startsWith("not-attested unix:user:" + ME));
        assertThat(recorded.refused).as("each").hasSize(2);
    }

    /** Served is who runs the test; the other one needs root to be played. */
    @Test
    void a_process_of_another_user_is_refused_whatever_it_says() throws IOException, InterruptedException {
        serve(entry(CART));
        assertThat(svids().next().getSvidsCount()).as("our own").isEqualTo(1);
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path empty = Files.write(dir.resolve("empty-request"), new byte[5]);

        String said = asAnother(
                "curl",
                "--silent",
                "--max-time",
                "20",
                "--include",
                "--http2-prior-knowledge",
                "--unix-socket",
                socket().toString(),
                "--header",
                "content-type: application/grpc",
                "--header",
                "te: trailers",
                "--header",
                "workload.spiffe.io: true",
                "--data-binary",
                "@" + empty,
                "http://localhost/SpiffeWorkloadAPI/FetchX509SVID");

        assertThat(said).as("PERMISSION_DENIED").containsIgnoringCase("grpc-status: 7");
        assertThat(recorded.refused)
                .as("by the kernel's word")
                .singleElement()
                .asString()
                .contains("unix:user:nobody");
    }

    private static String asAnother(String... command) throws IOException, InterruptedException {
        boolean canBe = ME.equals("root")
                && Stream.of("/usr/bin/setpriv", "/usr/bin/curl").allMatch(it -> Files.exists(Path.of(it)));
        if (!canBe) {
            assertThat(System.getenv("REQUIRE_OTHER_USER"))
                    .as("not root, or no setpriv or curl")
                    .isNotEqualTo("1");
            Assumptions.abort("not root, or no setpriv or curl (expected: all of them)");
        }
        Process process = new ProcessBuilder(Stream.concat(
                                Stream.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"),
                                Stream.of(command))
                        .toList())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).as("in time").isTrue();
        return said;
    }

    @Test
    void a_group_narrows_an_entry() {
        serve(new WorkloadEntry(CART, ME, Optional.of(NOBODY_HERE), Optional.empty()));

        assertRefused(() -> svids().next(), Status.Code.PERMISSION_DENIED, WorkloadRefusal.NOT_ATTESTED);
    }

    @Test
    void profiles_that_are_not_served_say_so() {
        serve(entry(CART));

        assertThatThrownBy(() -> raw("SpiffeWorkloadAPI/FetchJWTBundles"))
                .as("JWT")
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
    }

    @Test
    void open_streams_hear_of_roots_that_came_and_went() {
        serve(entry(CART));
        Iterator<X509SVIDResponse> answers = svids();
        assertThat(answers.next().getFederatedBundlesMap()).as("before").hasSize(1);

        Authority next = Authority.root(DOMAIN);
        issuer.own().trust(new TrustBundles(2, Map.of(DOMAIN, List.of(root.root(), next.root()))));

        X509SVIDResponse after = answers.next();
        assertThat(certificates(after.getSvids(0).getBundle())).as("ours").containsExactly(root.root(), next.root());
        assertThat(after.getFederatedBundlesMap()).as("the partner is gone").isEmpty();
    }

    @Test
    void open_streams_get_another_certificate_at_half_of_its_life_and_of_another_signer() {
        serve(entry(CART));
        Iterator<X509SVIDResponse> answers = svids();
        X509Certificate first = leaf(answers.next());

        now.updateAndGet(it -> it.plus(TTL.dividedBy(2)));
        X509Certificate second = leaf(answers.next());
        assertThat(second.getSerialNumber()).as("renewed").isNotEqualTo(first.getSerialNumber());

        Authority other = root.intermediate("us-east");
        issuer.signing().change(other);
        assertThat(leaf(answers.next()).getIssuerX500Principal())
                .as("of the other signer")
                .isEqualTo(other.certificate().getSubjectX500Principal());
    }

    @Test
    void while_the_signer_is_away_the_last_certificate_stays_until_it_ends() {
        AtomicBoolean away = new AtomicBoolean();
        CaSigner.InMemory key = root.newIntermediate("us-east", Duration.ofDays(1));
        issuer.signing().change(Authority.of(new Leaving(key, away), root.root(), now::get));
        serve(entry(CART));
        Iterator<X509SVIDResponse> answers = svids();
        answers.next();

        away.set(true);
        now.updateAndGet(it -> it.plus(TTL.dividedBy(2)));
        assertThat(svids().next().getSvidsCount()).as("still served").isEqualTo(1);

        now.updateAndGet(it -> it.plus(TTL));
        assertRefused(answers::hasNext, Status.Code.UNAVAILABLE, WorkloadRefusal.NOT_READY);
    }

    @Test
    void an_identity_that_is_denied_is_taken_back() {
        serve(entry(CART));
        Iterator<X509SVIDResponse> answers = svids();
        answers.next();

        issuer.own().refuse(new Revocations(1, List.of(), CrlPolicy.OPEN, Denylist.parse("id " + CART)));

        assertRefused(answers::hasNext, Status.Code.UNAVAILABLE, WorkloadRefusal.NOT_READY);
    }

    @Test
    void a_certificate_that_must_be_recorded_and_is_not_is_given_to_nobody() {
        recorded.full = true;
        serve(entry(CART));

        assertRefused(() -> svids().next(), Status.Code.UNAVAILABLE, WorkloadRefusal.NOT_READY);
    }

    @Test
    void a_user_that_the_machine_does_not_know_is_a_mistake() {
        assertThatThrownBy(
                        () -> serve(new WorkloadEntry(CART, "nobody-of-that-name", Optional.empty(), Optional.empty())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(expected: a user and group of this machine)");
    }

    @Test
    void nobody_keeps_the_others_out() {
        Allowance allowance = new Allowance(3, 2);

        assertThat(List.of(allowance.take("a"), allowance.take("a"), allowance.take("a")))
                .as("of one")
                .containsExactly(true, true, false);
        assertThat(List.of(allowance.take("b"), allowance.take("b")))
                .as("of all")
                .containsExactly(true, false);
        allowance.give("a");
        assertThat(allowance.take("b")).as("given back").isTrue();
    }

    private static WorkloadEntry entry(SpiffeId id) {
        return new WorkloadEntry(id, ME, Optional.empty(), Optional.empty());
    }

    private void serve(WorkloadEntry... entries) {
        served.add(WorkloadApi.start(
                new WorkloadConfig(socket(), List.of(entries)),
                issuer,
                TTL,
                recorded,
                new WorkloadTelemetry(meters),
                now::get));
    }

    private Path socket() {
        return dir.resolve("run/api.sock");
    }

    private Issuer issuer(Authority signer) {
        TrustBundles bundles =
                new TrustBundles(1, Map.of(DOMAIN, List.of(root.root()), PARTNER, List.of(partner.root())));
        return new Issuer(
                signer,
                new OwnCredentials(signer, SERVER, List.of(), TTL, bundles, now::get),
                dir.resolve("roots.pem"));
    }

    private Iterator<X509SVIDResponse> svids() {
        return stub().fetchX509SVID(X509SVIDRequest.getDefaultInstance());
    }

    private SpiffeWorkloadAPIGrpc.SpiffeWorkloadAPIBlockingStub stub() {
        return SpiffeWorkloadAPIGrpc.newBlockingStub(channel())
                .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
                .withInterceptors(WorkloadClient.header());
    }

    private ManagedChannel channel() {
        ManagedChannel channel = WorkloadClient.channel(socket(), loop);
        channels.add(channel);
        return channel;
    }

    private byte[] raw(String method) {
        MethodDescriptor<byte[], byte[]> call = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
                .setFullMethodName(method)
                .setRequestMarshaller(new Octets())
                .setResponseMarshaller(new Octets())
                .build();
        return ClientCalls.blockingServerStreamingCall(
                        io.grpc.ClientInterceptors.intercept(channel(), WorkloadClient.header()),
                        call,
                        CallOptions.DEFAULT.withDeadlineAfter(SECONDS, TimeUnit.SECONDS),
                        new byte[0])
                .next();
    }

    private static final class Octets implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static byte[] field(Map<Integer, byte[]> message, int number) {
        return Objects.requireNonNull(message.get(number), "field " + number);
    }

    /** The last field of each number, all of which are length-delimited here. */
    private static Map<Integer, byte[]> fields(byte[] message) throws IOException {
        Map<Integer, byte[]> fields = new HashMap<>();
        CodedInputStream in = CodedInputStream.newInstance(message);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            assertThat(tag & 7).as("wire type of %d", tag >> 3).isEqualTo(2);
            fields.put(tag >> 3, in.readByteArray());
        }
        return fields;
    }

    private PeerVerdict verdict(X509SVIDResponse answer) {
        return new SpiffeVerifier()
                .verify(
                        X509.encoded(certificates(answer.getSvids(0).getX509Svid())),
                        PeerRole.CLIENT,
                        new TrustBundles(
                                1,
                                Map.of(DOMAIN, certificates(answer.getSvids(0).getBundle()))),
                        Objects.requireNonNull(now.get()));
    }

    private static X509Certificate leaf(X509SVIDResponse answer) {
        return certificates(answer.getSvids(0).getX509Svid()).getFirst();
    }

    private static List<X509Certificate> certificates(ByteString der) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(der.toByteArray()))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (CertificateException e) {
            throw new AssertionError("certificates", e);
        }
    }

    private void assertRefused(ThrowingCallable asking, Status.Code code, WorkloadRefusal why) {
        assertThatThrownBy(asking)
                .as("refusal")
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(code));
        assertThat(meters.counter("trust.workload.refused", "reason", why.word())
                        .count())
                .as("counted")
                .isPositive();
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

    /** Remembers what it is told, in words. */
    private static final class Recorded implements IssuanceRecord {
        private final List<String> issued = new CopyOnWriteArrayList<>();
        private final List<String> refused = new CopyOnWriteArrayList<>();
        private volatile boolean full;

        @Override
        public boolean issued(Caller caller, SpiffeId id, X509Certificate leaf, X509Certificate root, long generation) {
            issued.add(caller.id() + " for " + id);
            return !full;
        }

        @Override
        public void renewed(SpiffeId own, X509Certificate leaf, X509Certificate root, long generation) {}

        @Override
        public void refused(Refusal why, Optional<Caller> caller, Optional<String> requested) {
            refused.add(why.word() + " " + requested.orElse(""));
        }

        @Override
        public void published(TrustBundles bundles) {}

        @Override
        public void refuses(Revocations revocations) {}

        @Override
        public void fetched(Fetch fetch) {}

        @Override
        public void inForce(Caller caller, byte[] sha256) {}
    }
}
