package io.beringia.trust.client;

import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

    /** One key speaks for one domain: a shared root would let each speak for the other. */
    private static Optional<String> shared(Map<TrustDomain, List<X509Certificate>> offered) {
        Map<PublicKey, TrustDomain> owners = new HashMap<>();
        for (Map.Entry<TrustDomain, List<X509Certificate>> domain : offered.entrySet()) {
            for (X509Certificate root : domain.getValue()) {
                TrustDomain other = owners.putIfAbsent(root.getPublicKey(), domain.getKey());
                if (other != null && !other.equals(domain.getKey())) {
                    return Optional.of("bundles: one root key in " + other + " and " + domain.getKey()
                            + " (expected: a key in one domain only)");
                }
            }
        }
        return Optional.empty();
    }
}
