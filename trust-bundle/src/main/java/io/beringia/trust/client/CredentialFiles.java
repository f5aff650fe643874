package io.beringia.trust.client;

import io.beringia.trust.identity.TrustDomain;
import java.nio.file.Path;
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

    public CredentialFiles {
        bundles = Map.copyOf(bundles);
        if (bundles.isEmpty()) {
            throw new IllegalArgumentException("bundles: none (expected: a file of roots for each trust domain)");
        }
    }
}
