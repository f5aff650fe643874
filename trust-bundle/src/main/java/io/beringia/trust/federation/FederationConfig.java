package io.beringia.trust.federation;

import io.beringia.trust.identity.TrustDomain;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which trust domains we recognise beside our own. A relationship is one-way: the other side has its own configuration.
 *
 * @param dir where the last good bundles lie; those of domains that are not named any more are deleted from it
 */
public record FederationConfig(Path dir, List<ForeignDomain> domains) {
    /** What our own processes take, our own domain counted. */
    private static final int DOMAINS_MAX = 63;

    public FederationConfig {
        domains = List.copyOf(domains);
        if (domains.size() > DOMAINS_MAX) {
            throw new IllegalArgumentException(
                    "federation.domains: " + domains.size() + " (expected: <= " + DOMAINS_MAX + ")");
        }
        Set<TrustDomain> seen = new HashSet<>();
        domains.forEach(domain -> {
            if (!seen.add(domain.trustDomain())) {
                throw new IllegalArgumentException(
                        "federation.domains: " + domain.trustDomain() + " twice (expected: once)");
            }
        });
        domains.forEach(domain -> checkServed(domain, seen));
    }

    /** Nobody but ourselves; what a federation before left in {@code dir} is deleted. */
    public static FederationConfig none(Path dir) {
        return new FederationConfig(dir, List.of());
    }

    private static void checkServed(ForeignDomain domain, Set<TrustDomain> known) {
        if (domain.profile() instanceof ForeignDomain.Profile.Spiffe spiffe
                && !known.contains(spiffe.endpoint().trustDomain())) {
            throw new IllegalArgumentException("federation.domains: " + spiffe.endpoint() + " serves "
                    + domain.trustDomain() + " (expected: an endpoint of a domain that is listed too)");
        }
    }

    /**
     * Throws {@link IllegalArgumentException} where {@code own} is among the domains: several roots of one trust domain are
     * roots in one file, and never a federation.
     */
    public void checkBeside(TrustDomain own) {
        if (names().contains(own)) {
            throw new IllegalArgumentException(
                    "federation.domains: " + own
                            + " is our own (expected: other trust domains; a mesh of one trust domain shares its file of roots)");
        }
    }

    /** The domains by name. */
    public Set<TrustDomain> names() {
        return domains.stream().map(ForeignDomain::trustDomain).collect(Collectors.toUnmodifiableSet());
    }
}
