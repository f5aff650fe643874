package io.beringia.trust.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.SpokenTls;
import io.beringia.trust.authority.Authority;
import io.beringia.trust.client.proto.IstioCertificateRequest;
import io.beringia.trust.client.proto.IstioCertificateResponse;
import io.beringia.trust.client.proto.IstioCertificateServiceGrpc;
import io.beringia.trust.client.proto.IstioCertificateServiceGrpc.IstioCertificateServiceBlockingStub;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.RejectReason;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import io.grpc.ChannelCredentials;
import io.grpc.ConnectivityState;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class VerifiedPeerTest {
    private static final TrustDomain DOMAIN = TrustDomain.parse("corp.example");
    private static final SpiffeId CART = SpiffeId.ofWorkload(DOMAIN, "shop", "cart");
    private static final SpiffeId SERVER = SpiffeId.ofWorkload(DOMAIN, "beringia", "discovery");
    private static final InstantSource CLOCK = InstantSource.system();
    private static final Duration HOUR = Duration.ofHours(1);

    private final Authority root = Authority.root(DOMAIN);
    private final Authority other = Authority.root(DOMAIN);
    private final TrustBundles both = new TrustBundles(1, Map.of(DOMAIN, List.of(root.root(), other.root())));
    private final Changing servers =
            new Changing(root.intermediate("us-east").svid(SERVER, HOUR), new AtomicReference<>(both));
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final AtomicReference<Supplier<Optional<PeerVerdict>>> followed = new AtomicReference<>(Optional::empty);
    private final Server server = server();

    @BeforeEach
    void start() throws IOException {
        server.start();
    }

    @AfterEach
    void end() throws InterruptedException {
        for (ManagedChannel channel : channels) {
            channel.shutdownNow();
            assertThat(channel.awaitTermination(10, TimeUnit.SECONDS))
                    .as("channel ended")
                    .isTrue();
        }
        server.shutdownNow();
        assertThat(server.awaitTermination(10, TimeUnit.SECONDS))
                .as("server ended")
                .isTrue();
    }

    @Test
    void a_caller_is_who_its_certificate_says_in_the_cluster_that_issued_it() {
        assertThat(askedBy(channel(shownBy(root.intermediate("us-west")))))
                .as("caller")
                .isEqualTo(CART + " of us-west");
    }

    @Test
    void a_server_speaks_tls_1_3_and_no_older_one() throws IOException {
        SpokenTls.assertNewestOnly(
                new HttpTls(servers, new SpiffeVerifier(), CLOCK).client(SERVER::equals), server.getPort());
    }

    @Test
    void a_caller_without_a_certificate_is_nobody() {
        ChannelCredentials anonymous = GrpcTls.anonymousChannel(both, new SpiffeVerifier(), CLOCK, SERVER::equals);

        assertThat(askedBy(channel(anonymous))).as("caller").isEqualTo("nobody");
    }

    @Test
    void outside_of_a_call_there_is_no_caller() {
        assertThat(VerifiedPeer.current()).as("caller").isEmpty();
    }

    @Test
    void a_caller_whose_root_was_removed_is_nobody_although_its_connection_lives() {
        ManagedChannel channel = channel(shownBy(other.intermediate("us-east")));
        assertThat(askedBy(channel)).as("before").isEqualTo(CART + " of us-east");

        servers.latest().set(new TrustBundles(2, Map.of(DOMAIN, List.of(root.root()))));

        assertThat(askedBy(channel)).as("after").isEqualTo("nobody");
        assertThat(channel.getState(false)).as("the connection").isEqualTo(ConnectivityState.READY);
        assertThat(askedBy(channel(shownBy(root.intermediate("us-east")))))
                .as("somebody of the other root")
                .isEqualTo(CART + " of us-east");
    }

    @Test
    void a_caller_that_is_followed_is_who_it_is_at_each_look() {
        askedBy(channel(shownBy(other.intermediate("us-east"))));
        Supplier<Optional<PeerVerdict>> caller = Objects.requireNonNull(followed.get());
        assertThat(caller.get().flatMap(PeerVerdict::verified).map(PeerVerdict.Verified::id))
                .as("before")
                .contains(CART);

        servers.latest().set(new TrustBundles(2, Map.of(DOMAIN, List.of(root.root()))));

        assertThat(caller.get().orElseThrow())
                .as("after")
                .isInstanceOfSatisfying(
                        PeerVerdict.Rejected.class,
                        it -> assertThat(it.reason()).as("why").isEqualTo(RejectReason.NO_PATH));
        assertThat(VerifiedPeer.followed().get()).as("outside of a call").isEmpty();
    }

    @Test
    void a_caller_without_a_certificate_is_followed_as_nobody() {
        askedBy(channel(GrpcTls.anonymousChannel(both, new SpiffeVerifier(), CLOCK, SERVER::equals)));

        assertThat(Objects.requireNonNull(followed.get()).get()).as("caller").isEmpty();
    }

    private static String askedBy(ManagedChannel channel) {
        IstioCertificateServiceBlockingStub stub =
                IstioCertificateServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
        return stub.createCertificate(IstioCertificateRequest.getDefaultInstance())
                .getCertChain(0);
    }

    private ChannelCredentials shownBy(Authority authority) {
        Credentials own = new Changing(authority.svid(CART, HOUR), new AtomicReference<>(both));
        return new GrpcTls(own, new SpiffeVerifier(), CLOCK).channel(SERVER::equals);
    }

    private ManagedChannel channel(ChannelCredentials credentials) {
        ManagedChannel channel = Grpc.newChannelBuilderForAddress("127.0.0.1", server.getPort(), credentials)
                .build();
        channels.add(channel);
        return channel;
    }

    private Server server() {
        SpiffeVerifier verifier = new SpiffeVerifier();
        return NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        new GrpcTls(servers, verifier, CLOCK).serverForAnybody())
                .intercept(new VerifiedPeer(servers, verifier, CLOCK))
                .addService(new WhoAmI())
                .build();
    }

    /** Answers with the caller, in place of a chain. */
    private final class WhoAmI extends IstioCertificateServiceGrpc.IstioCertificateServiceImplBase {
        @Override
        public void createCertificate(
                IstioCertificateRequest request, StreamObserver<IstioCertificateResponse> observer) {
            followed.set(VerifiedPeer.followed());
            String caller = VerifiedPeer.current()
                    .map(peer -> peer.id() + " of " + peer.cluster().orElse("-"))
                    .orElse("nobody");
            observer.onNext(
                    IstioCertificateResponse.newBuilder().addCertChain(caller).build());
            observer.onCompleted();
        }
    }

    /** Credentials whose bundles the test changes. */
    private record Changing(X509Svid svid, AtomicReference<TrustBundles> latest) implements Credentials {
        @Override
        public TrustBundles bundles() {
            return Objects.requireNonNull(latest.get());
        }

        @Override
        public Subscription subscribe(Runnable onChange) {
            return () -> {};
        }
    }
}
