package io.beringia.scenarios.load;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The PROXY protocol header, version 2, as a ztunnel writes it before an application's bytes (HAProxy
 * {@code proxy-protocol.txt} 2.2; type 0xD0 carries the caller's SPIFFE ID, Istio {@code workload.proto}).
 */
final class ProxyHeader {
    private static final byte[] SIGNATURE = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
    private static final int VERSION_2_PROXY = 0x21;
    private static final int ADDRESS_BYTES_V4 = 12;
    private static final int ADDRESS_BYTES_V6 = 36;
    private static final int TYPE_CALLER = 0xd0;
    /** Far above what addresses and one SPIFFE ID (at most 2,048 bytes) need. */
    private static final int LENGTH_MAX = 4_096;

    private ProxyHeader() {}

    /** Reads exactly the header; the caller's SPIFFE ID if it is there. */
    static Optional<String> readCaller(DataInputStream in) throws IOException {
        byte[] signature = in.readNBytes(SIGNATURE.length);
        if (!Arrays.equals(signature, SIGNATURE) || in.readUnsignedByte() != VERSION_2_PROXY) {
            throw new IOException("no PROXY header of version 2 (expected: one before the first byte)");
        }
        int family = in.readUnsignedByte() >> 4;
        int length = in.readUnsignedShort();
        if (length > LENGTH_MAX) {
            throw new IOException("PROXY header: " + length + " bytes (expected: at most " + LENGTH_MAX + ")");
        }
        byte[] rest = in.readNBytes(length);
        return callerOf(rest, family == 2 ? ADDRESS_BYTES_V6 : ADDRESS_BYTES_V4);
    }

    private static Optional<String> callerOf(byte[] rest, int start) {
        int at = start;
        while (at + 3 <= rest.length) {
            int type = rest[at] & 0xff;
            int size = ((rest[at + 1] & 0xff) << 8) | (rest[at + 2] & 0xff);
            int value = at + 3;
            if (value + size > rest.length) {
                return Optional.empty();
            }
            if (type == TYPE_CALLER) {
                return Optional.of(new String(rest, value, size, StandardCharsets.UTF_8));
            }
            at = value + size;
        }
        return Optional.empty();
    }
}
