package io.beringia.trust.issuance;

import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.identity.TrustBundles;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Who a caller is: by its client certificate, else by a static token, else by a token that the API server must review;
 * the first that proves it wins. Pure.
 *
 * @param cluster the cluster that our signer speaks for
 * @param reviewed what a reviewed token proves; empty where no API server is asked
 */
record Authentication(
        PeerVerifier verifier, List<StaticToken> tokens, Optional<String> cluster, Optional<TokenRules> reviewed) {
    private static final String BEARER = "Bearer ";

    Authentication {
        tokens = List.copyOf(tokens);
    }

    /**
     * What a caller shows.
     *
     * @param chain of its client certificate, leaf first; empty where it sent none
     * @param authorization values of that header; never printed
     * @param clusterIds which cluster it says it is of, by that header
     * @param address from which it calls, for counting only
     */
    record Shown(List<byte[]> chain, List<String> authorization, List<String> clusterIds, String address) {
        static final Shown NOTHING = new Shown(List.of(), List.of(), List.of(), "");

        @Override
        public String toString() {
            return "Shown[" + address + "]";
        }
    }

    sealed interface Outcome {}

    record Known(Caller caller) implements Outcome {}

    record Unknown(Refusal why, String detail) implements Outcome {}

    /** The API server may know; its answer goes to {@link TokenRules#caller}. */
    record Ask(TokenRules rules, String token) implements Outcome {
        @Override
        public String toString() {
            return "Ask[]";
        }
    }

    Outcome of(Shown shown, TrustBundles bundles, Instant now) {
        Outcome byCertificate = shown.chain().isEmpty()
                ? new Unknown(Refusal.NO_CREDENTIALS, "neither certificate nor token")
                : byCertificate(verifier.verify(shown.chain(), PeerVerifier.PeerRole.CLIENT, bundles, now));
        return byCertificate instanceof Known || shown.authorization().isEmpty() ? byCertificate : byToken(shown);
    }

    private Outcome byCertificate(PeerVerdict verdict) {
        return switch (verdict) {
            case PeerVerdict.Verified peer when peer.cluster().equals(cluster) -> new Known(Caller.self(peer.id()));
            case PeerVerdict.Verified peer ->
                new Unknown(
                        Refusal.OTHER_CLUSTER,
                        peer.id() + " of cluster " + peer.cluster().orElse("-") + " (expected: " + cluster.orElse("-")
                                + ")");
            case PeerVerdict.Rejected rejected -> new Unknown(Refusal.NO_CREDENTIALS, rejected.detail());
        };
    }

    private Outcome byToken(Shown shown) {
        List<String> authorization = shown.authorization();
        if (authorization.size() != 1 || !authorization.getFirst().startsWith(BEARER)) {
            return new Unknown(Refusal.UNKNOWN_TOKEN, "authorization: no single bearer token");
        }
        String token = authorization.getFirst().substring(BEARER.length());
        return StaticToken.caller(tokens, token)
                .<Outcome>map(Known::new)
                .orElseGet(() -> byReview(token, shown.clusterIds()));
    }

    private Outcome byReview(String token, List<String> clusterIds) {
        return reviewed.map(rules -> rules.clusterFault(clusterIds)
                        .<Outcome>map(fault -> new Unknown(fault.why(), fault.detail()))
                        .orElseGet(() -> new Ask(rules, token)))
                .orElseGet(() -> new Unknown(Refusal.UNKNOWN_TOKEN, "authorization: not a token of ours"));
    }
}
