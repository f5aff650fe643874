package io.beringia.trust.pki;

import java.security.KeyPair;
import java.security.PublicKey;
import java.util.function.UnaryOperator;

/**
 * A key that has no certificate yet, wherever its private half is.
 *
 * @param key the public half
 * @param signing what the private half makes of octets
 */
public record UnsignedKey(PublicKey key, UnaryOperator<byte[]> signing) {
    /** One in this process's memory. */
    public static UnsignedKey of(KeyPair pair) {
        SignatureKind kind = SignatureKind.of(pair.getPublic());
        return new UnsignedKey(pair.getPublic(), octets -> kind.sign(pair.getPrivate(), octets));
    }

    @Override
    public String toString() {
        return "UnsignedKey[" + key.getAlgorithm() + "]";
    }
}
