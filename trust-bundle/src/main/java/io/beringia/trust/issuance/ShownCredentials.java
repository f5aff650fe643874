package io.beringia.trust.issuance;

import io.beringia.trust.client.Instance;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Carries what a caller shows, certificate and token, from the call to the service. Judges nothing. Any thread. */
final class ShownCredentials implements ServerInterceptor {
    private static final Context.Key<Authentication.Shown> SHOWN = Context.key("shown-credentials");
    private static final Context.Key<String> INSTANCE = Context.key("instance");
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> CLUSTER_ID =
            Metadata.Key.of("clusterid", Metadata.ASCII_STRING_MARSHALLER);

    /** What the caller of the current call shows. */
    static Authentication.Shown current() {
        Authentication.Shown shown = SHOWN.get();
        return shown == null ? Authentication.Shown.NOTHING : shown;
    }

    /** Which process of ours calls, by its own word; empty where that is none. */
    static Optional<String> instance() {
        return Optional.ofNullable(INSTANCE.get()).filter(Instance::isOne);
    }

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
            ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
        Authentication.Shown shown = new Authentication.Shown(
                chain(call), values(headers, AUTHORIZATION), values(headers, CLUSTER_ID), address(call));
        List<String> instances = values(headers, Instance.HEADER);
        Context shows = Context.current().withValue(SHOWN, shown);
        Context context = instances.size() == 1 ? shows.withValue(INSTANCE, instances.getFirst()) : shows;
        return Contexts.interceptCall(context, call, headers, next);
    }

    private static List<String> values(Metadata headers, Metadata.Key<String> key) {
        Iterable<String> found = headers.getAll(key);
        List<String> values = new ArrayList<>();
        if (found != null) {
            found.forEach(values::add);
        }
        return values;
    }

    private static String address(ServerCall<?, ?> call) {
        return call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress peer
                ? peer.getHostString()
                : "";
    }

    private static List<byte[]> chain(ServerCall<?, ?> call) {
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        List<byte[]> chain = new ArrayList<>();
        try {
            for (Certificate certificate : session == null ? new Certificate[0] : session.getPeerCertificates()) {
                chain.add(certificate.getEncoded());
            }
            return chain;
        } catch (SSLPeerUnverifiedException noCertificate) {
            return List.of();
        } catch (CertificateEncodingException unreadable) {
            return List.of(new byte[0]);
        }
    }
}
