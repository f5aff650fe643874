package io.beringia.trust.client;

import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.identity.PeerVerifier.PeerRole;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.pki.X509;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Asks our {@link PeerVerifier} in every handshake, with the newest bundles. Any thread. Host names play no part: a
 * peer is who its SPIFFE ID says, and {@code expected} says whom we want.
 */
final class PeerTrustManager extends X509ExtendedTrustManager {
    private static final X509Certificate[] NO_HINTS = new X509Certificate[0];

    private final Supplier<TrustBundles> bundles;
    private final PeerVerifier verifier;
    private final InstantSource clock;
    private final Predicate<SpiffeId> expected;

    PeerTrustManager(
            Supplier<TrustBundles> bundles, PeerVerifier verifier, InstantSource clock, Predicate<SpiffeId> expected) {
        this.bundles = bundles;
        this.verifier = verifier;
        this.clock = clock;
        this.expected = expected;
    }

    private void check(X509Certificate[] chain, PeerRole role) throws CertificateException {
        PeerVerdict verdict = verifier.verify(X509.encoded(List.of(chain)), role, bundles.get(), clock.instant());
        switch (verdict) {
            case PeerVerdict.Verified peer when expected.test(peer.id()) -> {}
            case PeerVerdict.Verified peer ->
                throw new CertificateException("peer: " + peer.id() + " (expected: another identity)");
            case PeerVerdict.Rejected rejected ->
                throw new CertificateException(rejected.reason().word() + ": " + rejected.detail());
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, PeerRole.CLIENT);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, PeerRole.SERVER);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, PeerRole.CLIENT);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, PeerRole.SERVER);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, PeerRole.CLIENT);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, PeerRole.SERVER);
    }

    /** Empty: whom we trust is nobody's hint, and changes. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return NO_HINTS;
    }
}
