package io.beringia.trust.client;

import io.beringia.trust.client.Forge.Forged;
import io.beringia.trust.identity.PeerVerifier.PeerRole;
import io.beringia.trust.identity.RejectReason;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One sentence of the SPIFFE suite: a chain, the accepted roots, and what must be said of it.
 *
 * @param refusal empty where the chain must be accepted
 */
record SpiffeCase(
        String sentence,
        List<byte[]> chain,
        Map<TrustDomain, List<X509Certificate>> roots,
        PeerRole role,
        Optional<RejectReason> refusal) {

    static SpiffeCase accepts(String sentence, Forged root, Forged... chain) {
        return new SpiffeCase(
                "accepts " + sentence, ders(chain), bundle("td", root), PeerRole.CLIENT, Optional.empty());
    }

    static SpiffeCase refuses(String sentence, RejectReason why, Forged root, Forged... chain) {
        return new SpiffeCase(
                "refuses " + sentence, ders(chain), bundle("td", root), PeerRole.CLIENT, Optional.of(why));
    }

    SpiffeCase as(PeerRole other) {
        return new SpiffeCase(sentence, chain, roots, other, refusal);
    }

    SpiffeCase trusting(String trustDomain, Forged... accepted) {
        return new SpiffeCase(sentence, chain, bundle(trustDomain, accepted), role, refusal);
    }

    SpiffeCase sending(List<byte[]> other) {
        return new SpiffeCase(sentence, other, roots, role, refusal);
    }

    TrustBundles bundles() {
        return new TrustBundles(7, roots);
    }

    private static Map<TrustDomain, List<X509Certificate>> bundle(String trustDomain, Forged... roots) {
        return Map.of(
                TrustDomain.parse(trustDomain),
                Stream.of(roots).map(Forged::certificate).toList());
    }

    private static List<byte[]> ders(Forged... chain) {
        return Stream.of(chain).map(Forged::der).toList();
    }

    @Override
    public String toString() {
        return sentence;
    }
}
