package io.beringia.trust.client;

import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether roots that an issuance server offers take the place of those we have. Pure.
 *
 * @param own our own trust domain: without a root of it we could talk to nobody, the server included
 */
record BundleRules(TrustDomain own) {

    /**
     * What is in force.
     *
     * @param sequence by which the server sent it; 0 where it did not, because they came with a certificate
     */
    record Held(long sequence, TrustBundles bundles) {}

    sealed interface Outcome {}

    record Taken(Held held) implements Outcome {}

    /** The same roots as before. */
    record Same(Held held) implements Outcome {}

    /** What is in force stays. */
    record Refused(String why) implements Outcome {}

    Outcome judge(Held held, long sequence, Map<TrustDomain, List<X509Certificate>> offered) {
        boolean same = held.bundles().roots().equals(offered);
        if (same) {
            return new Same(new Held(Math.max(sequence, held.sequence()), held.bundles()));
        }
        if (sequence <= held.sequence()) {
            return new Refused(
                    "bundles: other roots by sequence " + sequence + " (expected: > " + held.sequence() + ")");
        }
        if (offered.getOrDefault(own, List.of()).isEmpty()) {
            return new Refused("bundles: no root of " + own + " (expected: one or more)");
        }
        long generation = Math.max(held.bundles().generation() + 1, sequence);
        return shared(offered)
                .<Outcome>map(Refused::new)
                .orElseGet(() -> new Taken(new Held(sequence, new TrustBundles(generation, offered))));
    }

    /**
     * A key of our own domain speaks for no other. One that two foreign domains show stays with both, each for its own
     * names: else whoever shows a neighbour's root would keep us from any change.
     */
    private Optional<String> shared(Map<TrustDomain, List<X509Certificate>> offered) {
        Set<PublicKey> ours = offered.getOrDefault(own, List.of()).stream()
                .map(X509Certificate::getPublicKey)
                .collect(Collectors.toSet());
        return offered.entrySet().stream()
                .filter(domain -> !domain.getKey().equals(own))
                .filter(domain -> domain.getValue().stream().anyMatch(root -> ours.contains(root.getPublicKey())))
                .map(domain -> "bundles: one root key in " + own + " and " + domain.getKey()
                        + " (expected: a key of ours in our domain only)")
                .findFirst();
    }
}
