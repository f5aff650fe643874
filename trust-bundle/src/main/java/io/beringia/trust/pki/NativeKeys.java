package io.beringia.trust.pki;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.Optional;

/**
 * Signatures in native code: BoringSSL by way of Conscrypt, once {@link #load} has found it to work here. It is asked as an
 * object and never entered among the JVM's providers, so TLS and everybody else have the same ones as before. Where it has no
 * answer, whoever asks has one of its own: the JDK's, or Bouncy Castle's. Any thread.
 *
 * @see <a href="https://github.com/google/conscrypt">Conscrypt</a>
 */
public final class NativeKeys {
    private static final String PROVIDER = "org.conscrypt.OpenSSLProvider";

    /** Made in no time; it protects nothing. */
    private static final int PROOF_RSA_BITS = 1_024;

    /** Set once in a process, as the library itself is loaded once. */
    private static volatile Optional<Provider> loaded = Optional.empty();

    private NativeKeys() {}

    /** Takes a quarter of a second the first time. Says for people who makes signatures from now on; never throws. */
    public static String load() {
        if (loaded.isEmpty()) {
            try {
                Provider found = Class.forName(PROVIDER)
                        .asSubclass(Provider.class)
                        .getConstructor()
                        .newInstance();
                prove(found);
                loaded = Optional.of(found);
            } catch (ReflectiveOperationException | GeneralSecurityException | RuntimeException | LinkageError away) {
                return "the JDK and Bouncy Castle, as BoringSSL of Conscrypt is not here: " + away;
            }
        }
        return "BoringSSL of Conscrypt";
    }

    /** Whether it makes signatures now. */
    public static boolean isLoaded() {
        return loaded.isPresent();
    }

    /** Of each kind of key that it is asked for. */
    static void prove(Provider found) throws GeneralSecurityException {
        SecureRandom random = new SecureRandom();
        prove(found, KeyPairs.p256(random));
        prove(found, KeyPairs.p384(random));
        prove(found, KeyPairs.rsa(PROOF_RSA_BITS, random));
    }

    /** A signature of its own is one for the JDK too, and none of other octets. */
    private static void prove(Provider found, KeyPair pair) throws GeneralSecurityException {
        SignatureKind kind = SignatureKind.of(pair.getPublic());
        byte[] octets = pair.getPublic().getEncoded();
        byte[] signed = signed(found, kind.jcaName(), pair.getPrivate(), octets);
        if (!kind.verifies(pair.getPublic(), octets, signed)
                || !isSigned(found, kind.jcaName(), pair.getPublic(), octets, signed)
                || isSigned(found, kind.jcaName(), pair.getPublic(), new byte[octets.length], signed)) {
            throw new GeneralSecurityException("signatures: other ones than those of the JDK (expected: the same)");
        }
    }

    /** Empty where somebody else has to say: nothing is loaded, or the key or signature is none that can be read. */
    static Optional<Boolean> verifies(String algorithm, byte[] key, byte[] octets, byte[] signature) {
        return loaded.flatMap(provider -> {
            try {
                return Optional.of(isSigned(provider, algorithm, new Encoded(key), octets, signature));
            } catch (GeneralSecurityException | RuntimeException unreadable) {
                return Optional.empty();
            }
        });
    }

    /** Empty where somebody else has to sign: nothing is loaded, or the key is none that can be read. */
    static Optional<byte[]> sign(String algorithm, PrivateKey key, byte[] octets) {
        return loaded.flatMap(provider -> {
            try {
                return Optional.of(signed(provider, algorithm, key, octets));
            } catch (GeneralSecurityException | RuntimeException unreadable) {
                return Optional.empty();
            }
        });
    }

    private static boolean isSigned(Provider by, String algorithm, PublicKey key, byte[] octets, byte[] signature)
            throws GeneralSecurityException {
        Signature verification = Signature.getInstance(algorithm, by);
        verification.initVerify(key);
        verification.update(octets);
        return verification.verify(signature);
    }

    private static byte[] signed(Provider by, String algorithm, PrivateKey key, byte[] octets)
            throws GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm, by);
        signature.initSign(key);
        signature.update(octets);
        return signature.sign();
    }

    /** A SubjectPublicKeyInfo, which native code reads itself. */
    private static final class Encoded implements PublicKey {
        private static final long serialVersionUID = 1;
        private final byte[] info;

        Encoded(byte[] info) {
            this.info = info;
        }

        @Override
        public String getAlgorithm() {
            return "EC";
        }

        @Override
        public String getFormat() {
            return "X.509";
        }

        @Override
        public byte[] getEncoded() {
            return info;
        }
    }
}
