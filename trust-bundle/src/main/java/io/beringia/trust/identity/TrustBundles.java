package io.beringia.trust.identity;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The accepted roots of every known trust domain at one moment, and what is trusted no more below them. Roots of different domains are never
 * pooled: whoever verifies a peer asks for the roots of that peer's own domain, and for no other.
 *
 * @param generation grows with every change of roots; a verdict names the generation it rests on
 * @param revocations have a generation of their own, because they come from elsewhere
 */
public record TrustBundles(long generation, Map<TrustDomain, List<X509Certificate>> roots, Revocations revocations) {
    public static final TrustBundles EMPTY = new TrustBundles(0, Map.of());

    /** Roots below which nothing was taken back. */
    public TrustBundles(long generation, Map<TrustDomain, List<X509Certificate>> roots) {
        this(generation, roots, Revocations.NONE);
    }

    public TrustBundles {
        roots = roots.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, domain -> List.copyOf(domain.getValue())));
    }

    /** The roots of one domain; empty means that nobody of it is trusted. */
    public List<X509Certificate> rootsOf(TrustDomain trustDomain) {
        return roots.getOrDefault(trustDomain, List.of());
    }

    /** The same roots, and these revocations. */
    public TrustBundles with(Revocations newest) {
        return new TrustBundles(generation, roots, newest);
    }

    @Override
    public String toString() {
        return "TrustBundles[generation " + generation + ", " + roots.keySet() + ", " + revocations + "]";
    }
}
