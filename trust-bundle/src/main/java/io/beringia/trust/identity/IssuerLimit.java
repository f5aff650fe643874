package io.beringia.trust.identity;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * For whom an issuer may speak; at least one of the three is said.
 *
 * @param trustDomains empty permits every one
 * @param cluster whose peers they all are
 * @param namespaces of {@link SpiffeId#serviceAccount()}; empty permits every ID, of that form or not
 */
public record IssuerLimit(Set<TrustDomain> trustDomains, Optional<String> cluster, Set<String> namespaces) {
    public IssuerLimit {
        trustDomains = Set.copyOf(trustDomains);
        namespaces = Set.copyOf(namespaces);
        if (trustDomains.isEmpty() && cluster.isEmpty() && namespaces.isEmpty()) {
            throw new IllegalArgumentException("no limit (expected: cluster=, namespace= or domain=)");
        }
    }

    /** What of {@code id} lies beyond; its cluster aside, which an ID does not say. */
    public Optional<String> exceededBy(SpiffeId id) {
        if (!trustDomains.isEmpty() && !trustDomains.contains(id.trustDomain())) {
            return Optional.of("trust domain " + id.trustDomain() + " (expected: one of " + sorted(trustDomains) + ")");
        }
        boolean isPermitted = namespaces.isEmpty()
                || id.serviceAccount()
                        .filter(account -> namespaces.contains(account.namespace()))
                        .isPresent();
        return isPermitted
                ? Optional.empty()
                : Optional.of(id + " (expected: of namespace " + sorted(namespaces) + ")");
    }

    private static String sorted(Set<?> values) {
        return values.stream().map(Object::toString).sorted().collect(Collectors.joining(","));
    }

    /** As {@link VirtualConstraints#parse} reads it. */
    @Override
    public String toString() {
        return Stream.of(
                        cluster.map("cluster="::concat).stream(),
                        Stream.of("domain=" + sorted(trustDomains)).filter(it -> !trustDomains.isEmpty()),
                        Stream.of("namespace=" + sorted(namespaces)).filter(it -> !namespaces.isEmpty()))
                .flatMap(one -> one)
                .collect(Collectors.joining(" "));
    }
}
