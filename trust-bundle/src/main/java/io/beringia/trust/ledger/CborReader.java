package io.beringia.trust.ledger;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads what {@link CborWriter} writes and refuses every other spelling of it, so that one content has one hash. One
 * use, one thread.
 */
final class CborReader {
    private static final int NUMBERS_MAX = 64;

    private final ByteBuffer rest;

    private CborReader(ByteBuffer rest) {
        this.rest = rest;
    }

    static SortedMap<Long, CborValue> read(int version, byte[] octets) {
        CborReader reader = new CborReader(ByteBuffer.wrap(octets));
        if (octets.length == 0 || reader.rest.get() != version) {
            throw new IllegalArgumentException("entry: another version (expected: " + version + ")");
        }
        SortedMap<Long, CborValue> map = reader.map();
        if (reader.rest.hasRemaining()) {
            throw new IllegalArgumentException("entry: " + reader.rest.remaining() + " octets too many");
        }
        return map;
    }

    private SortedMap<Long, CborValue> map() {
        long pairs = argument(octet(CborWriter.MAP));
        SortedMap<Long, CborValue> map = new TreeMap<>();
        for (long i = 0; i < pairs; i++) {
            long key = argument(octet(CborWriter.UNSIGNED));
            if (!map.isEmpty() && key <= map.lastKey()) {
                throw new IllegalArgumentException("entry: key " + key + " after " + map.lastKey());
            }
            map.put(key, value());
        }
        return map;
    }

    private CborValue value() {
        int octet = next();
        return switch (octet >> 5) {
            case CborWriter.UNSIGNED -> new CborValue.Whole(argument(octet));
            case CborWriter.OCTETS -> new CborValue.Octets(octets(argument(octet)));
            case CborWriter.TEXT -> new CborValue.Text(Utf8Text.parse("entry", octets(argument(octet))));
            case CborWriter.ARRAY -> new CborValue.Numbers(numbers(argument(octet)));
            default ->
                throw new IllegalArgumentException(
                        "entry: CBOR type " + (octet >> 5) + " (expected: number, octets, text or a list of numbers)");
        };
    }

    private List<Long> numbers(long count) {
        if (count > NUMBERS_MAX) {
            throw new IllegalArgumentException("entry: " + count + " numbers (expected: <= " + NUMBERS_MAX + ")");
        }
        List<Long> numbers = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            numbers.add(argument(octet(CborWriter.UNSIGNED)));
        }
        return numbers;
    }

    private byte[] octets(long length) {
        need(length);
        byte[] octets = new byte[(int) length];
        rest.get(octets);
        return octets;
    }

    private int octet(int major) {
        int octet = next();
        if (octet >> 5 != major) {
            throw new IllegalArgumentException("entry: CBOR type " + (octet >> 5) + " (expected: " + major + ")");
        }
        return octet;
    }

    private int next() {
        need(1);
        return Byte.toUnsignedInt(rest.get());
    }

    /** In its shortest form alone. */
    private long argument(int octet) {
        int info = octet & 0x1f;
        if (info < CborWriter.IN_ONE_OCTET) {
            return info;
        }
        int power = info - CborWriter.IN_ONE_OCTET;
        if (power > 3) {
            throw new IllegalArgumentException("entry: a length that is not given");
        }
        need(1L << power);
        long argument = 0;
        for (int i = 0; i < 1 << power; i++) {
            argument = argument << 8 | Byte.toUnsignedLong(rest.get());
        }
        long shortest = power == 0 ? CborWriter.IN_ONE_OCTET : 1L << (8 << (power - 1));
        if (argument < shortest) {
            throw new IllegalArgumentException("entry: " + argument + " in " + (1 << power) + " octets");
        }
        return argument;
    }

    private void need(long octets) {
        if (octets > rest.remaining()) {
            throw new IllegalArgumentException("entry: ends " + (octets - rest.remaining()) + " octets early");
        }
    }
}
