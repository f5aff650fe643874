package io.beringia.trust.pki;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/** A CA key that signs, wherever it lives; shows its certificate and never the key. Any thread. */
public interface CaSigner {
    /** The certificate that goes with the key. */
    X509Certificate certificate();

    /**
     * Signs octets with SHA-256, or SHA-384 where the key is P-384; throws {@link IllegalStateException} if the key
     * cannot be used.
     */
    byte[] sign(byte[] octets);

    /** A signer whose key lies in this process's memory. */
    static CaSigner inMemory(X509Certificate certificate, PrivateKey key) {
        return new InMemory(certificate, key);
    }

    /** See {@link #inMemory}. */
    record InMemory(X509Certificate certificate, PrivateKey key) implements CaSigner {
        @Override
        public byte[] sign(byte[] octets) {
            return SignatureKind.of(certificate.getPublicKey()).sign(key, octets);
        }

        @Override
        public String toString() {
            return "CaSigner[" + certificate.getSubjectX500Principal() + "]";
        }
    }
}
