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
 * Looks at who answers a call of ours before its first frame is read. The handshake has proved an expected identity; that
 * its certificate was issued for the peer's cluster only the whole chain shows. Any thread.
 */
record AnswerCheck(VerifiedPeer identities, PeerAuthority authority, Consumer<PeerRefusal.OfLink> onRefused)
        implements ClientInterceptor {
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
