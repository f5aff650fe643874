package io.beringia.trust.federation;

import io.beringia.trust.identity.TrustDomain;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The roots of foreign trust domains that may stand beside our own. Pure.
 *
 * @param roots by domain, none of them empty; never pooled, with one another or with ours
 * @param alarms what somebody should look into, a sentence each
 */
public record ForeignRoots(Map<TrustDomain, List<X509Certificate>> roots, List<String> alarms) {
    public ForeignRoots {
        roots = Map.copyOf(roots);
        alarms = List.copyOf(alarms);
    }

    /** What {@code offered} are beside {@code own}. A key of ours stays ours: whoever else shows it does not get it. */
    public static ForeignRoots beside(List<X509Certificate> own, Map<TrustDomain, List<X509Certificate>> offered) {
        Set<PublicKey> ours = own.stream().map(X509Certificate::getPublicKey).collect(Collectors.toSet());
        SortedMap<TrustDomain, List<X509Certificate>> kept = new TreeMap<>();
        List<String> alarms = new ArrayList<>();
        new TreeMap<>(offered).forEach((domain, roots) -> {
            List<X509Certificate> theirs = roots.stream()
                    .filter(root -> !ours.contains(root.getPublicKey()))
                    .toList();
            if (theirs.size() < roots.size()) {
                alarms.add("bundle of " + domain + ": a root key of our own (expected: none, it is dropped)");
            }
            if (!theirs.isEmpty()) {
                kept.put(domain, theirs);
            }
        });
        alarms.addAll(shared(kept));
        return new ForeignRoots(kept, alarms);
    }

    /** It stays in both: each believes it for its own names alone, and nobody can take a neighbour's root away. */
    private static List<String> shared(SortedMap<TrustDomain, List<X509Certificate>> kept) {
        Map<PublicKey, Set<TrustDomain>> owners = new HashMap<>();
        kept.forEach((domain, roots) ->
                roots.forEach(root -> owners.computeIfAbsent(root.getPublicKey(), key -> new HashSet<>())
                        .add(domain)));
        return owners.values().stream()
                .filter(domains -> domains.size() > 1)
                .map(domains -> domains.stream().sorted().map(TrustDomain::name).collect(Collectors.joining(" and ")))
                .distinct()
                .sorted()
                .map(domains -> "bundles of " + domains + ": one root key in both (expected: a key in one domain only)")
                .toList();
    }
}
