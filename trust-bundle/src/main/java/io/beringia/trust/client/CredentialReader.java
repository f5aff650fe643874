package io.beringia.trust.client;

import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import io.beringia.trust.pki.KeyPairs;
import io.beringia.trust.pki.ParsedCertificate;
import io.beringia.trust.pki.PemFile;
import io.beringia.trust.pki.X509;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Reads an identity from its files, whole or not at all; throws with the file's name and what was expected of it. */
final class CredentialReader {
    private CredentialReader() {}

    static X509Svid svid(CredentialFiles files) {
        List<X509Certificate> chain = chain(files.chain());
        PrivateKey key = PemFile.privateKey(files.key());
        if (!KeyPairs.belongTogether(chain.getFirst().getPublicKey(), key)) {
            throw new IllegalArgumentException("key: " + files.key() + " (expected: the key of " + files.chain() + ")");
        }
        return new X509Svid(idOf(chain.getFirst(), files.chain()), chain, key);
    }

    /** Whose chain that is. */
    static SpiffeId idOf(Path file) {
        return idOf(chain(file).getFirst(), file);
    }

    private static List<X509Certificate> chain(Path file) {
        return withoutRoot(PemFile.certificates(file));
    }

    static Map<TrustDomain, List<X509Certificate>> roots(Map<TrustDomain, Path> bundles) {
        Map<TrustDomain, List<X509Certificate>> roots = new HashMap<>();
        Map<PublicKey, TrustDomain> owners = new HashMap<>();
        bundles.forEach((domain, file) -> {
            List<X509Certificate> ofDomain = PemFile.certificates(file);
            ofDomain.forEach(root -> own(owners, root, domain));
            roots.put(domain, ofDomain);
        });
        return Map.copyOf(roots);
    }

    /** One key speaks for one domain: a shared root would let each speak for the other. */
    private static void own(Map<PublicKey, TrustDomain> owners, X509Certificate root, TrustDomain domain) {
        TrustDomain other = owners.putIfAbsent(root.getPublicKey(), domain);
        if (other != null && !other.equals(domain)) {
            throw new IllegalArgumentException(
                    "bundles: one root key in " + other + " and " + domain + " (expected: a key in one domain only)");
        }
    }

    private static SpiffeId idOf(X509Certificate leaf, Path file) {
        return switch (LeafRules.name(ParsedCertificate.parse(X509.encoded(leaf)))) {
            case LeafRules.Named(SpiffeId id) -> id;
            case LeafRules.Refused refused ->
                throw new IllegalArgumentException(file + ": " + refused.why().detail());
        };
    }

    private static List<X509Certificate> withoutRoot(List<X509Certificate> chain) {
        return IntStream.range(0, chain.size())
                .filter(i -> i == 0 || !isSelfIssued(chain.get(i)))
                .mapToObj(chain::get)
                .toList();
    }

    private static boolean isSelfIssued(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }
}
