package io.beringia.trust.pki;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** The signature algorithms that we make; every peer of ours verifies them. */
enum SignatureKind {
    ECDSA_SHA256("SHA256withECDSA"),
    ECDSA_SHA384("SHA384withECDSA"),
    RSA_SHA256("SHA256withRSA");

    private static final int P256_BITS = 256;
    private static final int P384_BITS = 384;

    private final String jcaName;

    SignatureKind(String jcaName) {
        this.jcaName = jcaName;
    }

    /** Throws {@link IllegalStateException} where {@code key} does not fit or cannot be used. */
    byte[] sign(PrivateKey key, byte[] octets) {
        return NativeKeys.sign(jcaName, key, octets).orElseGet(() -> signInJava(key, octets));
    }

    private byte[] signInJava(PrivateKey key, byte[] octets) {
        try {
            return signed(Signature.getInstance(jcaName), key, octets);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("key: cannot sign " + jcaName + " (expected: a key of that kind)", e);
        }
    }

    /** The same, where {@code holder} has the key and nobody else. */
    byte[] sign(PrivateKey key, byte[] octets, Provider holder) {
        try {
            return signed(Signature.getInstance(jcaName, holder), key, octets);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("key: cannot sign " + jcaName + " (expected: a key of that kind)", e);
        }
    }

    private static byte[] signed(Signature signature, PrivateKey key, byte[] octets) throws GeneralSecurityException {
        signature.initSign(key);
        signature.update(octets);
        return signature.sign();
    }

    boolean verifies(PublicKey key, byte[] octets, byte[] signed) {
        try {
            Signature signature = Signature.getInstance(jcaName);
            signature.initVerify(key);
            signature.update(octets);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    String jcaName() {
        return jcaName;
    }

    AlgorithmIdentifier identifier() {
        return switch (this) {
            case ECDSA_SHA256 -> new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
            case ECDSA_SHA384 -> new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA384);
            case RSA_SHA256 -> new AlgorithmIdentifier(PKCSObjectIdentifiers.sha256WithRSAEncryption, DERNull.INSTANCE);
        };
    }

    static SignatureKind of(PublicKey key) {
        if (key instanceof RSAPublicKey) {
            return RSA_SHA256;
        }
        int bits = key instanceof ECPublicKey curve
                ? curve.getParams().getCurve().getField().getFieldSize()
                : 0;
        return switch (bits) {
            case P256_BITS -> ECDSA_SHA256;
            case P384_BITS -> ECDSA_SHA384;
            default ->
                throw new IllegalArgumentException(
                        "CA key: " + key.getAlgorithm() + " (expected: P-256, P-384 or RSA)");
        };
    }
}
