package io.beringia.trust.identity;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * Chain and key that prove a {@link SpiffeId}: leaf first, then intermediates, never the root.
 * {@link #toString()} shows neither key nor certificate bytes.
 */
public record X509Svid(SpiffeId id, List<X509Certificate> chain, PrivateKey key) {
    public X509Svid {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException(
                    "SVID of " + id + ": no certificate (expected: leaf, then intermediates)");
        }
    }

    public X509Certificate leaf() {
        return chain.getFirst();
    }

    public Instant notBefore() {
        return leaf().getNotBefore().toInstant();
    }

    public Instant notAfter() {
        return leaf().getNotAfter().toInstant();
    }

    @Override
    public String toString() {
        return "X509Svid[" + id + ", until " + notAfter() + "]";
    }
}
