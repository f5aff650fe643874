package io.beringia.failover.record;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Octets in the format of RFC 1952, in memory. Pure. */
final class Gzip {
    private static final int BYTE = 0xff;
    private static final int ID1 = 0x1f;
    private static final int ID2 = 0x8b;

    private Gzip() {}

    static boolean isPacked(byte[] bytes) {
        return bytes.length > 1 && (bytes[0] & BYTE) == ID1 && (bytes[1] & BYTE) == ID2;
    }

    static byte[] pack(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        } catch (IOException impossible) {
            throw new IllegalStateException("gzip: memory that cannot be written", impossible);
        }
        return packed.toByteArray();
    }

    /** Throws {@link IllegalArgumentException} on what is not, or is more than {@code max} octets. */
    static byte[] unpack(byte[] packed, int max) {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            byte[] bytes = in.readNBytes(max);
            if (in.read() >= 0) {
                throw new IllegalArgumentException("decision: over " + max + " bytes (expected: at most)");
            }
            return bytes;
        } catch (IOException broken) {
            throw new IllegalArgumentException("decision: broken gzip (expected: RFC 1952)", broken);
        }
    }
}
