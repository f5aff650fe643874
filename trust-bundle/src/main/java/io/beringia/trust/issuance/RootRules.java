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

    sealed interface Outcome {}

    record Same() implements Outcome {}

    record Publish(TrustBundles bundles) implements Outcome {}

    record Keep(String why) implements Outcome {}

    /** What to do with {@code roots}, which lie in a file since {@code written}. */
    Outcome next(TrustBundles published, List<X509Certificate> roots, Instant written) {
        if (published.rootsOf(trustDomain).equals(roots)) {
            return new Same();
        }
        Map<TrustDomain, List<X509Certificate>> all = new HashMap<>(published.roots());
        all.put(trustDomain, roots);
        return fault(roots)
                .<Outcome>map(Keep::new)
                .orElseGet(() -> new Publish(new TrustBundles(sequence(published.generation(), written), all)));
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
