package io.beringia.trust.identity;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The accepted roots of every known trust domain at one moment. Roots of different domains are never
 * pooled: whoever verifies a peer asks for the roots of that peer's own domain, and for no other.
 *
 * @param generation grows with every change; a verdict names the generation it rests on
 */
public record TrustBundles(long generation, Map<TrustDomain, List<X509Certificate>> roots) {
    public static final TrustBundles EMPTY = new TrustBundles(0, Map.of());

    public TrustBundles {
        roots = roots.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, domain -> List.copyOf(domain.getValue())));
    }

    /** The roots of one domain; empty means that nobody of it is trusted. */
    public List<X509Certificate> rootsOf(TrustDomain trustDomain) {
        return roots.getOrDefault(trustDomain, List.of());
    }

    @Override
    public String toString() {
        return "TrustBundles[generation " + generation + ", " + roots.keySet() + "]";
    }
}
