package io.beringia.trust.client;

import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.identity.PeerVerifier.PeerRole;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;

/**
 * Mutual TLS for the JDK's own HTTP: each handshake shows our newest SVID and asks the verifier with the newest
 * bundles. Any thread.
 *
 * @see GrpcTls
 */
public record HttpTls(Credentials credentials, PeerVerifier verifier, InstantSource clock) {
    static final String PROTOCOL = "TLSv1.3";

    /** For a server, whose connections are to be {@link #newest}; whoever configures it asks for the caller's certificate. */
    public SSLContext server() {
        return context(id -> true);
    }

    /** TLS 1.3 (RFC 8446) alone: a context of Java that is named after that version speaks 1.2 as well. */
    public static SSLParameters newest(SSLContext context) {
        SSLParameters newest = context.getDefaultSSLParameters();
        newest.setProtocols(new String[] {PROTOCOL});
        return newest;
    }

    /** For a client of a server whose identity {@code expected} accepts. */
    public SSLContext client(Predicate<SpiffeId> expected) {
        return context(expected);
    }

    /**
     * Who the caller of a request is, by the bundles of this moment: neither an old handshake nor a resumed one speaks
     * for a root that is gone. Empty where it showed nothing that proves anybody.
     */
    public Optional<PeerVerdict.Verified> caller(SSLSession session) {
        return peer(session, PeerRole.CLIENT);
    }

    /** The same of either end. */
    public Optional<PeerVerdict.Verified> peer(SSLSession session, PeerRole role) {
        try {
            PeerVerdict verdict = verifier.verify(
                    encoded(session.getPeerCertificates()), role, credentials.bundles(), clock.instant());
            return verdict instanceof PeerVerdict.Verified peer ? Optional.of(peer) : Optional.empty();
        } catch (SSLPeerUnverifiedException | CertificateEncodingException noneThatProves) {
            return Optional.empty();
        }
    }

    /** For a client that shows nothing and believes {@code bundles} alone. */
    public static SSLContext anonymous(
            TrustBundles bundles, PeerVerifier verifier, InstantSource clock, Predicate<SpiffeId> expected) {
        return context(new KeyManager[0], new PeerTrustManager(() -> bundles, verifier, clock, expected));
    }

    private SSLContext context(Predicate<SpiffeId> expected) {
        return context(
                new KeyManager[] {new IdentityKeyManager(credentials)},
                new PeerTrustManager(credentials::bundles, verifier, clock, expected));
    }

    static SSLContext context(KeyManager[] shown, TrustManager... trusted) {
        try {
            SSLContext context = SSLContext.getInstance(PROTOCOL);
            context.init(shown, trusted, null);
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(PROTOCOL + ": missing in this Java (expected: 25 or later)", impossible);
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
