package io.beringia.trust.ledger;

import io.beringia.trust.identity.Base64Text;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A name and the public key that signs notes for it. C2SP signed-note; Ed25519 alone.
 *
 * @param material the type's octet and the key's 32, in base64
 */
public record NoteKey(String name, Type type, String material) {
    private static final int KEY_BYTES = 32;

    /** SubjectPublicKeyInfo of RFC 8410 up to the key itself. */
    private static final byte[] SPKI = HexFormat.of().parseHex("302a300506032b6570032100");

    /** What a key signs. */
    public enum Type {
        /** The text of a note, as a log does. */
        NOTE(1),
        /** A checkpoint and a time, as a witness does. */
        COSIGNATURE(4);

        private final int octet;

        Type(int octet) {
            this.octet = octet;
        }
    }

    public NoteKey {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "key name: " + Quoted.of(name) + " (expected: neither empty nor with a space or +)");
        }
        byte[] octets = Base64Text.parse(material);
        if (octets.length != 1 + KEY_BYTES || octets[0] != type.octet) {
            throw new IllegalArgumentException("key of " + name + ": type " + (octets.length == 0 ? -1 : octets[0])
                    + ", " + (octets.length - 1) + " octets (expected: Ed25519, type " + type.octet + ", 32 octets)");
        }
    }

    static NoteKey of(String name, Type type, PublicKey key) {
        byte[] spki = key.getEncoded();
        if (!(key instanceof EdECPublicKey) || spki.length != SPKI.length + KEY_BYTES) {
            throw new IllegalArgumentException("key of " + name + ": " + key.getAlgorithm() + " (expected: Ed25519)");
        }
        byte[] material = new byte[1 + KEY_BYTES];
        material[0] = (byte) type.octet;
        System.arraycopy(spki, SPKI.length, material, 1, KEY_BYTES);
        return new NoteKey(name, type, Base64Text.of(material));
    }

    /** A verifier key as policies have it, {@code name+id+key}. The inverse of {@link #toString()}. */
    public static NoteKey parse(String text) {
        String[] parts = text.split("\\+", 3);
        if (parts.length != 3) {
            throw new IllegalArgumentException("vkey: " + Quoted.of(text) + " (expected: name+id+key)");
        }
        NoteKey key = new NoteKey(parts[0], typeOf(parts[2]), parts[2]);
        if (!key.hexId().equals(parts[1])) {
            throw new IllegalArgumentException(
                    "vkey: id " + Quoted.of(parts[1]) + " (expected: " + key.hexId() + ", by its name and key)");
        }
        return key;
    }

    private static Type typeOf(String material) {
        byte[] octets = Base64Text.parse(material);
        return Arrays.stream(Type.values())
                .filter(type -> octets.length > 0 && octets[0] == type.octet)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("vkey: type "
                        + (octets.length == 0 ? "missing" : octets[0]) + " (expected: 1 of a log, 4 of a witness)"));
    }

    static boolean isName(String name) {
        return !name.isEmpty()
                && name.chars()
                        .noneMatch(c -> c == '+' || c < 0x20 || Character.isWhitespace(c) || Character.isSpaceChar(c));
    }

    /** The first four octets of the hash of name and key. */
    int id() {
        byte[] name = (this.name + "\n").getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.wrap(Hash.sha256(name, Base64Text.parse(material)).shared())
                .getInt();
    }

    private String hexId() {
        return HexFormat.of().toHexDigits(id());
    }

    /** False also on a key that is no point and a signature of another length. */
    boolean verifies(byte[] message, byte[] signature) {
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initVerify(publicKey());
            ed25519.update(message);
            return ed25519.verify(signature);
        } catch (GeneralSecurityException noSignature) {
            return false;
        }
    }

    private PublicKey publicKey() throws GeneralSecurityException {
        byte[] spki = Arrays.copyOf(SPKI, SPKI.length + KEY_BYTES);
        System.arraycopy(Base64Text.parse(material), 1, spki, SPKI.length, KEY_BYTES);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki));
    }

    @Override
    public String toString() {
        return name + "+" + hexId() + "+" + material;
    }
}
