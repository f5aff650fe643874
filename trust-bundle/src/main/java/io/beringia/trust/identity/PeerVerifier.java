package io.beringia.trust.identity;

import java.time.Instant;
import java.util.List;

/**
 * Decides whether a certificate chain proves a SPIFFE ID: the only place where trust is decided. Any thread.
 *
 * <p>Fails closed: every doubt and every exception inside is a {@link PeerVerdict.Rejected}.
 */
@FunctionalInterface
public interface PeerVerifier {
    /**
     * @param chain DER certificates as the peer sent them, leaf first
     * @param role what the peer is in this handshake, for the extended key usage
     * @param bundles accepted roots; only those of the leaf's own trust domain are looked at
     * @param now wall clock, for validity
     */
    PeerVerdict verify(List<byte[]> chain, PeerRole role, TrustBundles bundles, Instant now);

    /** What the peer is in the handshake: a client must carry clientAuth, a server serverAuth (if it carries any). */
    enum PeerRole {
        CLIENT,
        SERVER
    }
}
