package io.beringia.scenarios.connect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Some bytes. Immutable. */
public final class Bytes {
    private static final int SHOWN_MAX = 40;

    private final byte[] bytes;

    private Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Bytes of(byte[] bytes) {
        return new Bytes(bytes.clone());
    }

    /** One character a byte. */
    static Bytes of(String text) {
        return new Bytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** So many bytes, none like its neighbours, so that lost and swapped ones show. */
    static Bytes pattern(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i % 251);
        }
        return new Bytes(bytes);
    }

    int size() {
        return bytes.length;
    }

    public byte[] array() {
        return bytes.clone();
    }

    Bytes from(int start) {
        return new Bytes(Arrays.copyOfRange(bytes, start, bytes.length));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes them && Arrays.equals(bytes, them.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Short text as it is, everything else by its size. */
    @Override
    public String toString() {
        boolean readable = bytes.length <= SHOWN_MAX;
        for (byte one : bytes) {
            readable &= one >= ' ' && one < 0x7f;
        }
        return readable ? "\"" + new String(bytes, StandardCharsets.US_ASCII) + "\"" : bytes.length + " bytes";
    }
}
