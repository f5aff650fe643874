package io.beringia.trust.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.client.proto.BundlesGrpc;
import io.beringia.trust.client.proto.BundlesInForce;
import io.beringia.trust.client.proto.BundlesState;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A call that stands, and what becomes of it when one of its ends is not what it was. */
final class TrustedAnswersTest {
    private static final TrustDomain DOMAIN = TrustDomain.parse("corp.example");
    private static final SpiffeId CLIENT = SpiffeId.ofWorkload(DOMAIN, "shop", "cart");
    private static final SpiffeId SERVER = SpiffeId.ofWorkload(DOMAIN, "beringia", "discovery");
    private static final InstantSource CLOCK = InstantSource.system();
    private static final Duration HOUR = Duration.ofHours(1);

    private final Authority root = Authority.root(DOMAIN);
    private final Authority other = Authority.root(DOMAIN);
    private final TrustBundles both = new TrustBundles(1, Map.of(DOMAIN, List.of(root.root(), other.root())));
    private final Changing own = new Changing(root.svid(CLIENT, HOUR), both);
    private final BlockingQueue<String> callers = new LinkedBlockingQueue<>();
    private final Server server = server();
    private TrustedAnswers answers;
    private ManagedChannel channel;
    private volatile boolean isVerifierBroken;

    @BeforeEach
    void start() throws IOException {
        server.start();
        GrpcTls tls = new GrpcTls(own, verifier(), CLOCK);
        answers = new TrustedAnswers(tls);
        channel = Grpc.newChannelBuilderForAddress("127.0.0.1", server.getPort(), tls.channel(SERVER::equals))
                .intercept(answers)
                .build();
    }

    @AfterEach
    void end() throws InterruptedException {
        channel.shutdownNow();
        assertThat(channel.awaitTermination(10, TimeUnit.SECONDS))
                .as("channel ended")
                .isTrue();
        answers.close();
        server.shutdownNow();
        assertThat(server.awaitTermination(10, TimeUnit.SECONDS))
                .as("server ended")
                .isTrue();
    }

    @Test
    void a_call_ends_when_its_answerer_is_trusted_no_more() throws InterruptedException {
        Call call = new Call();
        call.next("answer");

        own.trusts(new TrustBundles(2, Map.of(DOMAIN, List.of(root.root()))));

        call.next("CANCELLED: who answers is trusted no more: no-path");
    }

    @Test
    void a_call_goes_on_while_its_answerer_is_trusted() throws InterruptedException {
        Call call = new Call();
        call.next("answer");

        own.trusts(new TrustBundles(2, Map.of(DOMAIN, List.of(other.root()))));

        call.requests.onNext(BundlesInForce.getDefaultInstance());
        call.next("answer");
    }

    @Test
    void a_call_ends_when_our_certificate_is_renewed_and_a_new_connection_shows_the_new_one()
            throws InterruptedException {
        Call call = new Call();
        call.next("answer");
        String before = caller();

        own.renews(root.svid(CLIENT, HOUR));

        call.next("CANCELLED: our certificate was renewed");
        channel.enterIdle();
        new Call().next("answer");
        assertThat(caller()).as("the certificate that was shown").isNotEqualTo(before);
    }

    @Test
    void a_call_whose_answerer_cannot_be_judged_ends_and_none_goes_unjudged() throws InterruptedException {
        List<Call> calls = List.of(new Call(), new Call());
        for (Call call : calls) {
            call.next("answer");
        }
        isVerifierBroken = true;

        own.trusts(new TrustBundles(2, Map.of(DOMAIN, List.of(root.root()))));

        for (Call call : calls) {
            call.next("CANCELLED: who answers cannot be judged: IllegalStateException");
        }
    }

    private PeerVerifier verifier() {
        SpiffeVerifier verifier = new SpiffeVerifier();
        return (chain, role, bundles, now) -> {
            if (isVerifierBroken) {
                throw new IllegalStateException("a bug");
            }
            return verifier.verify(chain, role, bundles, now);
        };
    }

    private String caller() throws InterruptedException {
        return Objects.requireNonNull(callers.poll(20, TimeUnit.SECONDS), "a call within 20 s");
    }

    private Server server() {
        Changing credentials = new Changing(other.svid(SERVER, HOUR), both);
        SpiffeVerifier verifier = new SpiffeVerifier();
        return NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        new GrpcTls(credentials, verifier, CLOCK).server())
                .intercept(new VerifiedPeer(credentials, verifier, CLOCK))
                .addService(new Answering())
                .build();
    }

    /** Answers each word of a call with one. */
    private final class Answering extends BundlesGrpc.BundlesImplBase {
        @Override
        public StreamObserver<BundlesInForce> watch(StreamObserver<BundlesState> states) {
            callers.add(
                    VerifiedPeer.current().map(PeerVerdict.Verified::leafSha256).orElse("nobody"));
            return new StreamObserver<>() {
                @Override
                public void onNext(BundlesInForce word) {
                    states.onNext(BundlesState.getDefaultInstance());
                }

                @Override
                public void onError(Throwable gone) {}

                @Override
                public void onCompleted() {
                    states.onCompleted();
                }
            };
        }
    }

    /** One call of ours, and what comes of it. */
    private final class Call implements StreamObserver<BundlesState> {
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final StreamObserver<BundlesInForce> requests;

        private Call() {
            requests = BundlesGrpc.newStub(channel).watch(this);
            requests.onNext(BundlesInForce.getDefaultInstance());
        }

        private void next(String expected) throws InterruptedException {
            assertThat(heard.poll(20, TimeUnit.SECONDS)).as("what comes").isEqualTo(expected);
        }

        @Override
        public void onNext(BundlesState state) {
            heard.add("answer");
        }

        @Override
        public void onError(Throwable ended) {
            Status status = Status.fromThrowable(ended);
            heard.add(status.getCode() + ": " + status.getDescription());
        }

        @Override
        public void onCompleted() {
            heard.add("end");
        }
    }

    /** Credentials that the test changes, and tells of it. */
    private static final class Changing implements Credentials {
        private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
        private volatile X509Svid svid;
        private volatile TrustBundles bundles;

        private Changing(X509Svid svid, TrustBundles bundles) {
            this.svid = svid;
            this.bundles = bundles;
        }

        private void trusts(TrustBundles newest) {
            bundles = newest;
            listeners.forEach(Runnable::run);
        }

        private void renews(X509Svid newest) {
            svid = newest;
            listeners.forEach(Runnable::run);
        }

        @Override
        public X509Svid svid() {
            return svid;
        }

        @Override
        public TrustBundles bundles() {
            return bundles;
        }

        @Override
        public Subscription subscribe(Runnable onChange) {
            listeners.add(onChange);
            return () -> listeners.remove(onChange);
        }
    }
}
