package io.beringia.trust.ledger;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;

/** Signs notes in one name. Any thread. */
public final class NoteSigner {
    private static final String ALGORITHM = "Ed25519";

    private final NoteKey key;
    private final PrivateKey secret;

    private NoteSigner(NoteKey key, PrivateKey secret) {
        this.key = key;
        this.secret = secret;
    }

    static NoteSigner generate(String name, NoteKey.Type type, SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
            generator.initialize(255, random);
            KeyPair pair = generator.generateKeyPair();
            return new NoteSigner(NoteKey.of(name, type, pair.getPublic()), pair.getPrivate());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(ALGORITHM + ": missing in this Java", impossible);
        }
    }

    /** From PKCS #8; throws {@link IllegalArgumentException} where it is another key's. */
    static NoteSigner of(NoteKey key, byte[] pkcs8) {
        try {
            NoteSigner signer = new NoteSigner(
                    key, KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
            byte[] probe = key.toString().getBytes(StandardCharsets.UTF_8);
            if (!key.verifies(probe, signer.raw(probe))) {
                throw new IllegalArgumentException("private key: not the one of " + key + " (expected: its own)");
            }
            return signer;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("private key: of " + key + " (expected: Ed25519 in PKCS #8)", e);
        } finally {
            Arrays.fill(pkcs8, (byte) 0);
        }
    }

    public NoteKey key() {
        return key;
    }

    /** PKCS #8; whoever asks wipes it. */
    byte[] pkcs8() {
        return secret.getEncoded();
    }

    /** As a log signs. */
    SignedNote.Line sign(String text) {
        return SignedNote.Line.of(key, raw(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** As a witness signs that it saw this checkpoint at that time. */
    SignedNote.Line cosign(String checkpoint, long seconds) {
        return SignedNote.Line.of(key, Cosignature.write(seconds, raw(Cosignature.message(checkpoint, seconds))));
    }

    private byte[] raw(byte[] message) {
        try {
            Signature ed25519 = Signature.getInstance(ALGORITHM);
            ed25519.initSign(secret);
            ed25519.update(message);
            return ed25519.sign();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(ALGORITHM + ": a key that does not sign", impossible);
        }
    }

    @Override
    public String toString() {
        return "NoteSigner[" + key + "]";
    }
}
