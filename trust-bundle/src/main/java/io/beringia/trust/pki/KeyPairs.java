package io.beringia.trust.pki;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;

/** Makes keys of the kind that every peer verifies. */
public final class KeyPairs {
    private KeyPairs() {}

    /** Any thread. A new P-256 key. */
    public static KeyPair p256(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("P-256: missing (expected: part of every JDK)", e);
        }
    }
}
