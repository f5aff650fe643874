package io.beringia.trust.workload;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.StreamSupport;

/**
 * Ends calls without the header {@code workload.spiffe.io: true} (SPIFFE Workload Endpoint, section 4), so that nobody is
 * made to ask by a request that he forwards, and tells the others' calls who calls. Any thread.
 */
record WorkloadHeader(BiConsumer<WorkloadRefusal, String> refused) implements ServerInterceptor {
    static final Metadata.Key<String> NAME = Metadata.Key.of("workload.spiffe.io", Metadata.ASCII_STRING_MARSHALLER);
    static final String VALUE = "true";

    private static final Context.Key<UnixPeer> PEER = Context.key("io.beringia.trust.workload.peer");

    /** Who makes the current call. */
    static Optional<UnixPeer> caller() {
        return Optional.ofNullable(PEER.get());
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        UnixPeer peer = call.getAttributes().get(PeerNegotiator.PEER);
        if (!isMarked(headers)) {
            refused.accept(WorkloadRefusal.NO_HEADER, String.valueOf(peer));
            call.close(WorkloadRefusal.NO_HEADER.status(), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return Contexts.interceptCall(Context.current().withValue(PEER, peer), call, headers, next);
    }

    private static boolean isMarked(Metadata headers) {
        Iterable<String> values = headers.getAll(NAME);
        return values != null
                && StreamSupport.stream(values.spliterator(), false).toList().equals(List.of(VALUE));
    }
}
