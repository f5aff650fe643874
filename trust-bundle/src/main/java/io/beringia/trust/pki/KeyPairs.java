package io.beringia.trust.pki;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPublicKeySpec;

/** Makes keys of the kind that every peer verifies. */
public final class KeyPairs {
    private static final byte[] PROBE = "one key, two halves".getBytes(StandardCharsets.US_ASCII);

    private KeyPairs() {}

    /** Any thread. A new P-256 key. */
    public static KeyPair p256(SecureRandom random) {
        return ec("secp256r1", random);
    }

    /** Any thread. A new P-384 key. */
    static KeyPair p384(SecureRandom random) {
        return ec("secp384r1", random);
    }

    private static KeyPair ec(String curve, SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(curve + ": missing (expected: part of every JDK)", e);
        }
    }

    /** Any thread. A new RSA key, e=65537; 4,096 bits take a second or several. */
    public static KeyPair rsa(int bits, SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("RSA: missing (expected: part of every JDK)", e);
        }
    }

    /** Any thread. Both halves of an RSA key; throws {@link IllegalArgumentException} where it is another kind of key. */
    public static KeyPair rsa(PrivateKey key) {
        if (!(key instanceof RSAPrivateCrtKey whole)) {
            throw new IllegalArgumentException("key: " + key.getAlgorithm() + " (expected: RSA)");
        }
        try {
            RSAPublicKeySpec other = new RSAPublicKeySpec(whole.getModulus(), whole.getPublicExponent());
            return new KeyPair(KeyFactory.getInstance("RSA").generatePublic(other), key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("RSA: missing (expected: part of every JDK)", e);
        }
    }

    /** Any thread. True where a signer's certificate verifies what it signs. */
    public static boolean belongTogether(CaSigner signer) {
        try {
            PublicKey publicKey = signer.certificate().getPublicKey();
            return SignatureKind.of(publicKey).verifies(publicKey, PROBE, signer.sign(PROBE));
        } catch (IllegalArgumentException | IllegalStateException e) {
            return false;
        }
    }

    /** Any thread. True where {@code privateKey} signs what {@code publicKey} verifies. */
    public static boolean belongTogether(PublicKey publicKey, PrivateKey privateKey) {
        try {
            SignatureKind kind = SignatureKind.of(publicKey);
            return kind.verifies(publicKey, PROBE, kind.sign(privateKey, PROBE));
        } catch (IllegalArgumentException | IllegalStateException e) {
            return false;
        }
    }
}
