package io.beringia.trust.client;

import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerifier;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall;
import io.grpc.ForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * For calls of ours that live long: from the headers of the answer on it ends those whose answerer proves nothing any more when
 * whom we trust changes, and all of them when our own certificate is renewed. Whoever calls again, on a new connection, has both
 * ends proved anew. Any thread; close it after the channel.
 */
public final class TrustedAnswers implements ClientInterceptor, AutoCloseable {
    private final Credentials credentials;
    private final VerifiedPeer identities;
    private final Set<Answered> live = ConcurrentHashMap.newKeySet();
    private final Credentials.Subscription changes;

    public TrustedAnswers(GrpcTls tls) {
        this.credentials = tls.credentials();
        this.identities = new VerifiedPeer(tls.credentials(), tls.verifier(), tls.clock());
        this.changes = credentials.subscribe(
                () -> Thread.ofVirtual().name("trusted-answers").start(this::judgeAll));
    }

    /** @param shown the certificate of ours that was the newest when the call began */
    private record Answered(ClientCall<?, ?> call, X509Certificate shown) {}

    @Override
    public <A, B> ClientCall<A, B> interceptCall(MethodDescriptor<A, B> method, CallOptions options, Channel next) {
        X509Certificate shown = credentials.svid().leaf();
        return new ForwardingClientCall.SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<B> listener, Metadata headers) {
                super.start(new Answers<>(listener, new Answered(this, shown)), headers);
            }
        };
    }

    private void judgeAll() {
        live.forEach(this::judge);
    }

    /** Cancelling is the one thing that any thread may do to a call. */
    private void judge(Answered answered) {
        refusalOrFault(answered).ifPresent(why -> answered.call().cancel(why, null));
    }

    /** One that cannot be judged leaves none unjudged. */
    private Optional<String> refusalOrFault(Answered answered) {
        try {
            return refusal(answered);
        } catch (RuntimeException | StackOverflowError bug) {
            return Optional.of("who answers cannot be judged: " + bug.getClass().getSimpleName());
        }
    }

    private Optional<String> refusal(Answered answered) {
        if (!answered.shown().equals(credentials.svid().leaf())) {
            return Optional.of("our certificate was renewed");
        }
        return switch (identities.verdict(answered.call().getAttributes(), PeerVerifier.PeerRole.SERVER)) {
            case PeerVerdict.Verified still -> Optional.empty();
            case PeerVerdict.Rejected rejected ->
                Optional.of(
                        "who answers is trusted no more: " + rejected.reason().word());
        };
    }

    /** Calls that end afterwards are nobody's business. */
    @Override
    public void close() {
        changes.close();
    }

    /** Callbacks of one call come one after the other. */
    private final class Answers<B> extends ForwardingClientCallListener.SimpleForwardingClientCallListener<B> {
        private final Answered answered;

        private Answers(ClientCall.Listener<B> listener, Answered answered) {
            super(listener);
            this.answered = answered;
        }

        /** From here on changes are heard; one may have come since the handshake. */
        @Override
        public void onHeaders(Metadata headers) {
            live.add(answered);
            judge(answered);
            super.onHeaders(headers);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            live.remove(answered);
            super.onClose(status, trailers);
        }
    }
}
