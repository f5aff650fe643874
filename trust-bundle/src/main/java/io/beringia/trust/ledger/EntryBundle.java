package io.beringia.trust.ledger;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Up to 256 entries as one file: each with its length in front. C2SP tlog-tiles, "Log entries". */
final class EntryBundle {
    static final int ENTRY_BYTES_MAX = 65_535;

    private EntryBundle() {}

    static byte[] write(List<byte[]> entries) {
        ByteArrayOutputStream bundle = new ByteArrayOutputStream();
        for (byte[] entry : entries) {
            bundle.write(entry.length >> 8);
            bundle.write(entry.length);
            bundle.writeBytes(entry);
        }
        return bundle.toByteArray();
    }

    /** Exactly {@code width} entries; throws {@link IllegalArgumentException} where there are fewer or octets more. */
    static List<byte[]> read(byte[] bundle, int width) {
        List<byte[]> entries = new ArrayList<>(width);
        ByteBuffer rest = ByteBuffer.wrap(bundle);
        for (int i = 0; i < width; i++) {
            entries.add(next(rest, i));
        }
        if (rest.hasRemaining()) {
            throw new IllegalArgumentException(
                    "bundle: " + rest.remaining() + " octets behind the last entry (expected: none)");
        }
        return entries;
    }

    private static byte[] next(ByteBuffer rest, int i) {
        int length = rest.remaining() < 2 ? Integer.MAX_VALUE : Short.toUnsignedInt(rest.getShort());
        if (length > rest.remaining()) {
            throw new IllegalArgumentException("bundle: ends within entry " + i + " (expected: all of it)");
        }
        byte[] entry = new byte[length];
        rest.get(entry);
        return entry;
    }
}
