package io.beringia.discovery.peering;

import io.beringia.trust.client.VerifiedPeer;
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
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Looks at who answers one call of ours before its first frame is read, and again whenever it is asked. The handshake has
 * proved an expected identity; that its certificate was issued for the peer's cluster only the whole chain shows. Any
 * thread.
 */
final class AnswerCheck implements ClientInterceptor {
    private final VerifiedPeer identities;
    private final PeerAuthority authority;
    private final Consumer<PeerRefusal.OfLink> onRefused;
    private volatile Optional<ClientCall<?, ?>> answered = Optional.empty();

    /** @param onRefused hears of an answerer that never was the peer, on a thread of gRPC */
    AnswerCheck(VerifiedPeer identities, PeerAuthority authority, Consumer<PeerRefusal.OfLink> onRefused) {
        this.identities = identities;
        this.authority = authority;
        this.onRefused = onRefused;
    }

    /** Why whoever answered is not the peer any more, by what is trusted now; empty while it is, and before an answer. */
    Optional<PeerRefusal.OfLink> refusal() {
        return answered.flatMap(this::refusal);
    }

    @Override
    public <A, B> ClientCall<A, B> interceptCall(MethodDescriptor<A, B> method, CallOptions options, Channel next) {
        return new ForwardingClientCall.SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<B> listener, Metadata headers) {
                super.start(new Answers<>(listener, this), headers);
            }
        };
    }

    private Optional<PeerRefusal.OfLink> refusal(ClientCall<?, ?> call) {
        return switch (identities.verdict(call.getAttributes(), PeerVerifier.PeerRole.SERVER)) {
            case PeerVerdict.Verified answerer -> authority.refusalOf(answerer);
            case PeerVerdict.Rejected rejected -> Optional.of(new PeerRefusal.Unproved());
        };
    }

    /** Callbacks of one call come one after the other. */
    private final class Answers<B> extends ForwardingClientCallListener.SimpleForwardingClientCallListener<B> {
        private final ClientCall<?, ?> call;
        private boolean isRefused = true;

        private Answers(ClientCall.Listener<B> listener, ClientCall<?, ?> call) {
            super(listener);
            this.call = call;
        }

        @Override
        public void onHeaders(Metadata headers) {
            answered = Optional.of(call);
            Optional<PeerRefusal.OfLink> refusal = refusal(call);
            isRefused = refusal.isPresent();
            refusal.ifPresent(why -> {
                onRefused.accept(why);
                call.cancel(why.reason(), null);
            });
            super.onHeaders(headers);
        }

        @Override
        public void onMessage(B message) {
            if (!isRefused) {
                super.onMessage(message);
            }
        }
    }
}
