package io.beringia.trust.authority;

import io.beringia.trust.pki.KeyCustody;
import io.beringia.trust.pki.ParsedCertificate;
import io.beringia.trust.pki.PemFile;
import io.beringia.trust.pki.X509;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;

/**
 * Where an intermediate lies, as {@code beringia ca intermediate} writes it.
 *
 * @param key where it lies, readable by its owner only; nothing where it is on a token
 * @param certificate of that key
 * @param roots all accepted roots of the trust domain, the signer's among them
 * @param custody how the key is kept
 */
public record CaFiles(Path key, Path certificate, Path roots, KeyCustody custody) {
    /** With a plain key. */
    public CaFiles(Path key, Path certificate, Path roots) {
        this(key, certificate, roots, KeyCustody.plain());
    }

    /** The same, with the key kept otherwise. */
    public CaFiles with(KeyCustody other) {
        return new CaFiles(key, certificate, roots, other);
    }

    /** The files of {@code beringia ca intermediate} in one folder. */
    public static CaFiles in(Path folder) {
        return new CaFiles(
                folder.resolve("ca-key.pem"), folder.resolve("ca-cert.pem"), folder.resolve("root-cert.pem"));
    }

    /**
     * Reads them. Throws {@link IllegalArgumentException} where they do not belong together, and
     * {@link java.io.UncheckedIOException} where one cannot be read.
     */
    public Authority open(InstantSource clock) {
        X509Certificate own = PemFile.certificates(certificate).getFirst();
        if (!CertificateLint.allowsBothEnds(ParsedCertificate.parse(X509.encoded(own)))) {
            throw new IllegalArgumentException(certificate + ": " + CertificateLint.ONE_END_ONLY);
        }
        return Authority.of(custody.open(key, own), rootOf(own), clock);
    }

    /** All of them, for whoever verifies. */
    public List<X509Certificate> allRoots() {
        return PemFile.certificates(roots);
    }

    private X509Certificate rootOf(X509Certificate own) {
        ParsedCertificate signed = ParsedCertificate.parse(X509.encoded(own));
        return allRoots().stream()
                .filter(root -> signed.isSignedBy(ParsedCertificate.parse(X509.encoded(root))))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        roots + ": no root that signed " + certificate + " (expected: it among them)"));
    }
}
