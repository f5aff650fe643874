package io.beringia.trust.pki;

import java.nio.file.Path;
import java.security.cert.X509Certificate;

/** How the key of a CA is kept. Inert: what it names is read where a key is opened. */
public sealed interface KeyCustody {
    /** Plain PKCS#8 in a file that its owner alone may read. */
    record Plain() implements KeyCustody {}

    /** PKCS#8 under the passphrase that lies in {@code passphrase}. */
    record Encrypted(Path passphrase) implements KeyCustody {}

    /** On a token. */
    record Token(Pkcs11Uri uri) implements KeyCustody {}

    /** See {@link Plain}. */
    static KeyCustody plain() {
        return new Plain();
    }

    /** See {@link Encrypted}. */
    static KeyCustody encrypted(Path passphrase) {
        return new Encrypted(passphrase);
    }

    /** On a token, by a URI as {@link Pkcs11Uri#parse} takes it. */
    static KeyCustody token(String uri) {
        return new Token(Pkcs11Uri.parse(uri));
    }

    /**
     * The key of {@code certificate}; {@code file} is where it lies unless on a token. Throws
     * {@link IllegalArgumentException} where it cannot be opened or is another one.
     */
    default CaSigner open(Path file, X509Certificate certificate) {
        return switch (this) {
            case Plain plain -> fitting(file, CaSigner.inMemory(certificate, PemFile.privateKey(file)));
            case Encrypted(Path where) -> {
                try (Passphrase passphrase = Passphrase.read(where)) {
                    yield fitting(file, CaSigner.inMemory(certificate, PemFile.privateKey(file, passphrase)));
                }
            }
            case Token(Pkcs11Uri uri) -> fitting(uri, Pkcs11Key.open(uri).signer(certificate));
        };
    }

    private static CaSigner fitting(Object where, CaSigner signer) {
        if (!KeyPairs.belongTogether(signer)) {
            throw new IllegalArgumentException(where + ": another key (expected: the key of "
                    + signer.certificate().getSubjectX500Principal() + ")");
        }
        return signer;
    }
}
