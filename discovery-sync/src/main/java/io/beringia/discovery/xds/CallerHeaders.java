package io.beringia.discovery.xds;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keeps the headers by which a ztunnel proves itself, for the thread that admits it. Any thread. */
final class CallerHeaders implements ServerInterceptor {
    private static final String BEARER = "Bearer ";
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> CLUSTER_ID =
            Metadata.Key.of("clusterid", Metadata.ASCII_STRING_MARSHALLER);
    private static final Context.Key<Shown> SHOWN = Context.key("caller-headers");

    /**
     * What the caller of a call sent.
     *
     * @param token the one bearer token; two are none
     * @param clusters to which it says it belongs, one for each such header
     */
    record Shown(Optional<String> token, List<String> clusters) {
        static final Shown NOTHING = new Shown(Optional.empty(), List.of());

        Shown {
            clusters = List.copyOf(clusters);
        }

        @Override
        public String toString() {
            return "Shown[" + (token.isPresent() ? "a token" : "no token") + ", " + clusters + "]";
        }
    }

    static Shown current() {
        Shown shown = SHOWN.get();
        return shown == null ? Shown.NOTHING : shown;
    }

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
            ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
        List<String> authorizations = values(headers, AUTHORIZATION);
        Optional<String> token =
                authorizations.size() == 1 && authorizations.getFirst().startsWith(BEARER)
                        ? Optional.of(authorizations.getFirst().substring(BEARER.length()))
                        : Optional.empty();
        Shown shown = new Shown(token, values(headers, CLUSTER_ID));
        return Contexts.interceptCall(Context.current().withValue(SHOWN, shown), call, headers, next);
    }

    private static List<String> values(Metadata headers, Metadata.Key<String> key) {
        List<String> values = new ArrayList<>();
        Iterable<String> all = headers.getAll(key);
        if (all != null) {
            all.forEach(values::add);
        }
        return values;
    }
}
