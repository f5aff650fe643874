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
    public CredentialFiles {
        bundles = Map.copyOf(bundles);
        if (bundles.isEmpty()) {
            throw new IllegalArgumentException("bundles: none (expected: a file of roots for each trust domain)");
        }
    }
}
