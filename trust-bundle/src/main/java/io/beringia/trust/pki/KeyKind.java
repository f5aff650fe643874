package io.beringia.trust.pki;

/** What sort of public key a certificate carries, as far as we tell them apart. */
public enum KeyKind {
    P256,
    P384,
    /** RSA of 2,048 to 8,192 bits. */
    RSA,
    /** Every other key: too short, too long, or of an algorithm that no peer of ours verifies. */
    OTHER;

    /** True where SVIDs and CAs may have such a key. */
    public boolean isAllowed() {
        return this != OTHER;
    }
}
