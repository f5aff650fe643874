package io.beringia.trust.rotator;

import io.beringia.trust.pki.Fingerprint;
import io.beringia.trust.pki.X509;
import io.beringia.trust.rotation.RootId;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/** Root certificates by their {@link RootId}. */
final class Roots {
    /** The first half of a digest, by which ledgers name a root. */
    private static final int HALF = 32;

    private Roots() {}

    static RootId id(X509Certificate root) {
        return new RootId(Fingerprint.sha256(X509.encoded(root)));
    }

    static Set<RootId> ids(Collection<X509Certificate> roots) {
        return roots.stream().map(Roots::id).collect(Collectors.toUnmodifiableSet());
    }

    static String half(X509Certificate certificate) {
        return Fingerprint.sha256(X509.encoded(certificate)).substring(0, HALF);
    }

    static String half(RootId root) {
        return root.sha256().substring(0, HALF);
    }

    /** The one of {@code known} that begins so; else one that is none of them. */
    static RootId of(String half, Set<RootId> known) {
        return known.stream()
                .filter(root -> half(root).equals(half))
                .findFirst()
                .orElseGet(() -> new RootId(half + "0".repeat(HALF)));
    }
}
