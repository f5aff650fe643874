package io.beringia.trust.issuance;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which roots an issuance server may publish. Pure.
 *
 * @param signer above our own certificate: without it nobody would believe what we issue
 * @param demoOnly static tokens are accepted, so that every root must be marked for demos
 */
record RootRules(TrustDomain trustDomain, X509Certificate signer, boolean demoOnly) {

    /**
     * What to publish where that is something new: {@code roots} of ours, in which {@link #fault} finds none, and those of
     * foreign trust domains, all of which lie there since {@code written}.
     */
    Optional<TrustBundles> next(
            TrustBundles published,
            List<X509Certificate> roots,
            Map<TrustDomain, List<X509Certificate>> foreign,
            Instant written) {
        Map<TrustDomain, List<X509Certificate>> all = new HashMap<>(foreign);
        all.put(trustDomain, roots);
        return published.roots().equals(all)
                ? Optional.empty()
                : Optional.of(new TrustBundles(sequence(published.generation(), written), all));
    }

    /** Why these cannot be published; empty where they can. */
    Optional<String> fault(List<X509Certificate> roots) {
        if (!roots.contains(signer)) {
            return Optional.of("roots: without " + signer.getSubjectX500Principal() + " (expected: our signer's root)");
        }
        return foreign(roots).or(() -> unmarked(roots));
    }

    /** A ztunnel makes each root an anchor for every name, so one of another domain would speak for ours. */
    private Optional<String> foreign(List<X509Certificate> roots) {
        return roots.stream()
                .flatMap(root -> Authority.idOf(root).stream())
                .filter(id -> !id.trustDomain().equals(trustDomain))
                .findFirst()
                .map(id -> "roots: one of " + id.trustDomain() + " (expected: of " + trustDomain + " alone)");
    }

    private Optional<String> unmarked(List<X509Certificate> roots) {
        return roots.stream()
                .filter(root -> demoOnly && !Authority.isDemo(root))
                .findFirst()
                .map(real -> "issuance.static-tokens: below " + real.getSubjectX500Principal()
                        + " (expected: none, or a root made with --demo)");
    }

    /**
     * Grows over restarts of the server, which remembers nothing else: roots that were written later have more. Two
     * changes within one tick of the file's clock differ by one.
     */
    static long sequence(long before, Instant written) {
        return Math.max(before + 1, written.toEpochMilli());
    }
}
