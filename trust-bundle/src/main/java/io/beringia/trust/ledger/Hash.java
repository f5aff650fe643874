package io.beringia.trust.ledger;

import io.beringia.trust.identity.Base64Text;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** 32 octets of SHA-256. */
public final class Hash {
    public static final int LENGTH = 32;

    /** Never fed, only copied: to ask the providers each time costs as much as a hash. */
    private static final MessageDigest UNUSED = unused();

    /** What an entry names as its predecessor when it has none. */
    static final Hash NONE = new Hash(new byte[LENGTH]);

    private final byte[] octets;

    private Hash(byte[] octets) {
        this.octets = octets;
    }

    /** Throws {@link IllegalArgumentException} unless there are 32. */
    public static Hash of(byte[] octets) {
        if (octets.length != LENGTH) {
            throw new IllegalArgumentException("hash: " + octets.length + " octets (expected: " + LENGTH + ")");
        }
        return new Hash(octets.clone());
    }

    /** Base64, as notes and proofs have it. The inverse of {@link #toString()}. */
    public static Hash parse(String base64) {
        return of(Base64Text.parse(base64));
    }

    /** The next 32 octets of a tile. */
    static Hash next(ByteBuffer from) {
        byte[] octets = new byte[LENGTH];
        from.get(octets);
        return new Hash(octets);
    }

    static Hash sha256(byte[]... parts) {
        MessageDigest digest = digest();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return new Hash(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return (MessageDigest) UNUSED.clone();
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException("SHA-256: not to be copied in this Java", impossible);
        }
    }

    private static MessageDigest unused() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256: missing in this Java", impossible);
        }
    }

    public byte[] octets() {
        return octets.clone();
    }

    /** Without a copy, for hashing and writing in this package alone. */
    byte[] shared() {
        return octets;
    }

    public String hex() {
        return HexFormat.of().formatHex(octets);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Hash hash && Arrays.equals(octets, hash.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    @Override
    public String toString() {
        return Base64Text.of(octets);
    }
}
