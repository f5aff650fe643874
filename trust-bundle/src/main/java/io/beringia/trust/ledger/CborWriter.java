package io.beringia.trust.ledger;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A map of numbers to values in the deterministic encoding of RFC 8949 section 4.2.1. One use, one thread. */
final class CborWriter {
    static final int UNSIGNED = 0;
    static final int OCTETS = 2;
    static final int TEXT = 3;
    static final int ARRAY = 4;
    static final int MAP = 5;

    static final int IN_ONE_OCTET = 24;

    /** Most entries fit. */
    private static final int FIRST_BYTES = 512;

    private static final int HEAD_BYTES_MAX = 1 + Long.BYTES;

    private byte[] out = new byte[FIRST_BYTES];
    private int length;

    /** Behind one octet of {@code version}; so many pairs follow, their keys ascending. */
    CborWriter(int version, int pairs) {
        out[length++] = (byte) version;
        head(MAP, pairs);
    }

    void pair(long key, CborValue value) {
        head(UNSIGNED, key);
        value(value);
    }

    /** What was written. */
    byte[] bytes() {
        return Arrays.copyOf(out, length);
    }

    private void value(CborValue value) {
        switch (value) {
            case CborValue.Whole(long number) -> head(UNSIGNED, number);
            case CborValue.Text(String text) -> octets(TEXT, text.getBytes(StandardCharsets.UTF_8));
            case CborValue.Octets octets -> octets(OCTETS, octets.shared());
            case CborValue.Numbers(var numbers) -> {
                head(ARRAY, numbers.size());
                numbers.forEach(number -> head(UNSIGNED, number));
            }
        }
    }

    private void octets(int major, byte[] octets) {
        head(major, octets.length);
        reserve(octets.length);
        System.arraycopy(octets, 0, out, length, octets.length);
        length += octets.length;
    }

    private void head(int major, long argument) {
        reserve(HEAD_BYTES_MAX);
        if (argument < IN_ONE_OCTET) {
            out[length++] = (byte) (major << 5 | (int) argument);
        } else if (argument < 1 << 8) {
            head(major, 0, argument);
        } else if (argument < 1 << 16) {
            head(major, 1, argument);
        } else if (argument < 1L << 32) {
            head(major, 2, argument);
        } else {
            head(major, 3, argument);
        }
    }

    /** The argument in 2 to the {@code power} octets. */
    private void head(int major, int power, long argument) {
        out[length++] = (byte) (major << 5 | IN_ONE_OCTET + power);
        for (int shift = 8 * ((1 << power) - 1); shift >= 0; shift -= 8) {
            out[length++] = (byte) (argument >> shift);
        }
    }

    private void reserve(int more) {
        if (out.length - length < more) {
            out = Arrays.copyOf(out, 2 * out.length + more);
        }
    }
}
