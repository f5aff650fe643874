package io.beringia.trust.ledger;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;

/** A map of numbers to values in the deterministic encoding of RFC 8949 section 4.2.1. */
final class CborWriter {
    static final int UNSIGNED = 0;
    static final int OCTETS = 2;
    static final int TEXT = 3;
    static final int ARRAY = 4;
    static final int MAP = 5;

    static final int IN_ONE_OCTET = 24;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private CborWriter() {}

    /** Behind one octet of {@code version}. */
    static byte[] write(int version, SortedMap<Long, CborValue> map) {
        CborWriter writer = new CborWriter();
        writer.out.write(version);
        writer.head(MAP, map.size());
        map.forEach((key, value) -> {
            writer.head(UNSIGNED, key);
            writer.value(value);
        });
        return writer.out.toByteArray();
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
        out.writeBytes(octets);
    }

    private void head(int major, long argument) {
        if (argument < IN_ONE_OCTET) {
            out.write(major << 5 | (int) argument);
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
        out.write(major << 5 | IN_ONE_OCTET + power);
        for (int shift = 8 * ((1 << power) - 1); shift >= 0; shift -= 8) {
            out.write((int) (argument >> shift));
        }
    }
}
