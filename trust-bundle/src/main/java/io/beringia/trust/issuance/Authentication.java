package io.beringia.trust.issuance;

import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.identity.TrustBundles;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who a caller is: by its client certificate, else by its token; the first that proves it wins. Pure.
 *
 * @param cluster the cluster that our signer speaks for
 */
record Authentication(PeerVerifier verifier, List<StaticToken> tokens, Optional<String> cluster) {
    private static final String BEARER = "Bearer ";

    /**
     * What a caller shows.
     *
     * @param chain of its client certificate, leaf first; empty where it sent none
     * @param authorization values of that header
     */
    record Shown(List<byte[]> chain, List<String> authorization) {}

    sealed interface Outcome {}

    record Known(Caller caller) implements Outcome {}

    record Unknown(Refusal why, String detail) implements Outcome {}

    Outcome of(Shown shown, TrustBundles bundles, Instant now) {
        Outcome byCertificate = shown.chain().isEmpty()
                ? new Unknown(Refusal.NO_CREDENTIALS, "neither certificate nor token")
                : byCertificate(verifier.verify(shown.chain(), PeerVerifier.PeerRole.CLIENT, bundles, now));
        return byCertificate instanceof Known || shown.authorization().isEmpty()
                ? byCertificate
                : byToken(shown.authorization());
    }

    private Outcome byCertificate(PeerVerdict verdict) {
        return switch (verdict) {
            case PeerVerdict.Verified peer
            when peer.cluster().equals(cluster) -> new Known(new Caller(peer.id(), Set.of()));
            case PeerVerdict.Verified peer ->
                new Unknown(
                        Refusal.OTHER_CLUSTER,
                        peer.id() + " of cluster " + peer.cluster().orElse("-") + " (expected: " + cluster.orElse("-")
                                + ")");
            case PeerVerdict.Rejected rejected -> new Unknown(Refusal.NO_CREDENTIALS, rejected.detail());
        };
    }

    private Outcome byToken(List<String> authorization) {
        if (authorization.size() != 1 || !authorization.getFirst().startsWith(BEARER)) {
            return new Unknown(Refusal.UNKNOWN_TOKEN, "authorization: no single bearer token");
        }
        return StaticToken.caller(tokens, authorization.getFirst().substring(BEARER.length()))
                .<Outcome>map(Known::new)
                .orElseGet(() -> new Unknown(Refusal.UNKNOWN_TOKEN, "authorization: not a token of ours"));
    }
}
