package io.beringia.trust.client;

import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.pki.PemFile;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;

/**
 * Where the PEM files of an identity lie.
 *
 * @param chain leaf first, then intermediates; a root at the end is left out
 * @param key unencrypted PKCS#8, readable by its owner only
 * @param bundles the accepted roots of each trust domain, one file each
 */
public record CredentialFiles(Path chain, Path key, Map<TrustDomain, Path> bundles) {
    /**
     * An identity of whose own trust domain the roots are: its leaf says which. Throws {@link IllegalArgumentException}
     * where the chain is none.
     */
    public static CredentialFiles ofOwnDomain(Path chain, Path key, Path roots) {
        return new CredentialFiles(
                chain, key, Map.of(CredentialReader.idOf(chain).trustDomain(), roots));
    }

    /** Whose identity lies there. Throws {@link IllegalArgumentException} where the chain is none. */
    public SpiffeId id() {
        return CredentialReader.idOf(chain);
    }

    /** All of a file of roots. Throws {@link IllegalArgumentException} where it is none. */
    public static List<X509Certificate> roots(Path file) {
        return PemFile.certificates(file);
    }

    public CredentialFiles {
        bundles = Map.copyOf(bundles);
        if (bundles.isEmpty()) {
            throw new IllegalArgumentException("bundles: none (expected: a file of roots for each trust domain)");
        }
    }
}
