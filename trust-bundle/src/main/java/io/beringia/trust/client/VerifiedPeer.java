package io.beringia.trust.client;

import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerifier;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Tells a gRPC service who its caller is, as the verifier says with the bundles of the moment of the call: a root that
 * was removed after the handshake proves nobody any more. Refuses nobody by itself. Any thread.
 */
public record VerifiedPeer(Credentials credentials, PeerVerifier verifier, InstantSource clock)
        implements ServerInterceptor {
    private static final Context.Key<Caller> CALLER = Context.key("verified-peer");

    /** @param again asks the verifier anew each time */
    private record Caller(Optional<PeerVerdict> verdict, Supplier<Optional<PeerVerdict>> again) {}

    /** The caller of the current call; empty where it showed no certificate, or one that proves nothing now. */
    public static Optional<PeerVerdict.Verified> current() {
        return caller().flatMap(Caller::verdict).flatMap(PeerVerdict::verified);
    }

    /**
     * For calls that live long: what the certificate of the current call's caller proves whenever that is asked, on any
     * thread and after the call too, by the bundles of that moment. Empty where it showed none.
     */
    public static Supplier<Optional<PeerVerdict>> followed() {
        return caller().map(Caller::again).orElse(Optional::empty);
    }

    private static Optional<Caller> caller() {
        return Optional.ofNullable(CALLER.get());
    }

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
            ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
        List<byte[]> chain = chain(call.getAttributes());
        Supplier<Optional<PeerVerdict>> again =
                () -> chain.isEmpty() ? Optional.empty() : Optional.of(verdict(chain, PeerVerifier.PeerRole.CLIENT));
        return Contexts.interceptCall(
                Context.current().withValue(CALLER, new Caller(again.get(), again)), call, headers, next);
    }

    /** Who is at the other end of a connection, by the attributes of a call on it. */
    public PeerVerdict verdict(Attributes connection, PeerVerifier.PeerRole role) {
        return verdict(chain(connection), role);
    }

    private PeerVerdict verdict(List<byte[]> chain, PeerVerifier.PeerRole role) {
        return verifier.verify(chain, role, credentials.bundles(), clock.instant());
    }

    private static List<byte[]> chain(Attributes connection) {
        SSLSession session = connection.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        try {
            return session == null ? List.of() : encoded(session.getPeerCertificates());
        } catch (SSLPeerUnverifiedException | CertificateEncodingException noneThatProves) {
            return List.of();
        }
    }

    private static List<byte[]> encoded(Certificate[] certificates) throws CertificateEncodingException {
        List<byte[]> chain = new ArrayList<>();
        for (Certificate certificate : certificates) {
            chain.add(certificate.getEncoded());
        }
        return chain;
    }
}
