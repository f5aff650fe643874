package io.beringia.scenarios.connect;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads field blocks, whatever a peer uses of HPACK (RFC 7541). Owned by one connection. */
public final class HpackDecoder {
    private static final int TABLE_BYTES_MAX = 4_096;
    private static final int ENTRY_BYTES = 32;
    private static final int INTEGER_BITS_MAX = 28;

    private static final List<Field> STATIC = """
            :authority:
            :method: GET
            :method: POST
            :path: /
            :path: /index.html
            :scheme: http
            :scheme: https
            :status: 200
            :status: 204
            :status: 206
            :status: 304
            :status: 400
            :status: 404
            :status: 500
            accept-charset:
            accept-encoding: gzip, deflate
            accept-language:
            accept-ranges:
            accept:
            access-control-allow-origin:
            age:
            allow:
            authorization:
            cache-control:
            content-disposition:
            content-encoding:
            content-language:
            content-length:
            content-location:
            content-range:
            content-type:
            cookie:
            date:
            etag:
            expect:
            expires:
            from:
            host:
            if-match:
            if-modified-since:
            if-none-match:
            if-range:
            if-unmodified-since:
            last-modified:
            link:
            location:
            max-forwards:
            proxy-authenticate:
            proxy-authorization:
            range:
            referer:
            refresh:
            retry-after:
            server:
            set-cookie:
            strict-transport-security:
            transfer-encoding:
            user-agent:
            vary:
            via:
            www-authenticate:
            """.lines()
            .map(line -> Field.parse(line + " "))
            .map(HpackDecoder::trimmed)
            .toList();

    /** The newest first. */
    private final List<Field> dynamic = new ArrayList<>();

    private int dynamicBytes;
    private int capacity = TABLE_BYTES_MAX;

    private static Field trimmed(Field field) {
        return new Field(field.name(), field.value().strip());
    }

    /** Throws {@link IllegalArgumentException} for what is not a field block. */
    public List<Field> decode(byte[] block) {
        try {
            return read(ByteBuffer.wrap(block));
        } catch (BufferUnderflowException cut) {
            throw new IllegalArgumentException("field block: ends too early (expected: whole fields)", cut);
        }
    }

    private List<Field> read(ByteBuffer block) {
        List<Field> fields = new ArrayList<>();
        while (block.hasRemaining()) {
            int head = block.get() & 0xff;
            if (head >= 0x80) {
                fields.add(entry(integer(block, head, 7)));
            } else if (head >= 0x40) {
                Field field = literal(block, integer(block, head, 6));
                fields.add(field);
                keep(field);
            } else if (head >= 0x20) {
                resize(integer(block, head, 5), fields.isEmpty());
            } else {
                fields.add(literal(block, integer(block, head, 4)));
            }
        }
        return fields;
    }

    private void resize(int bytes, boolean first) {
        if (bytes > TABLE_BYTES_MAX || !first) {
            throw new IllegalArgumentException(
                    "table size: " + bytes + " (expected: at most " + TABLE_BYTES_MAX + ", before all fields)");
        }
        capacity = bytes;
        evict(0);
    }

    private Field literal(ByteBuffer block, int index) {
        String name = index == 0 ? string(block) : entry(index).name();
        return new Field(name, string(block));
    }

    private Field entry(int index) {
        int inDynamic = index - STATIC.size() - 1;
        if (index == 0 || inDynamic >= dynamic.size()) {
            throw new IllegalArgumentException(
                    "index: " + index + " (expected: 1.." + (STATIC.size() + dynamic.size()) + ")");
        }
        return inDynamic < 0 ? STATIC.get(index - 1) : dynamic.get(inDynamic);
    }

    private void keep(Field field) {
        int bytes = bytes(field);
        evict(bytes);
        if (bytes <= capacity) {
            dynamic.addFirst(field);
            dynamicBytes += bytes;
        }
    }

    private void evict(int room) {
        while (!dynamic.isEmpty() && dynamicBytes + room > capacity) {
            dynamicBytes -= bytes(dynamic.removeLast());
        }
    }

    private static int bytes(Field field) {
        return field.name().length() + field.value().length() + ENTRY_BYTES;
    }

    private static String string(ByteBuffer block) {
        int head = block.get() & 0xff;
        int length = integer(block, head, 7);
        if (length > block.remaining()) {
            throw new IllegalArgumentException(
                    "string: " + length + " bytes (expected: at most the " + block.remaining() + " that follow)");
        }
        byte[] bytes = new byte[length];
        block.get(bytes);
        return new String(head >= 0x80 ? HpackHuffman.decode(bytes) : bytes, StandardCharsets.ISO_8859_1);
    }

    private static int integer(ByteBuffer block, int head, int bits) {
        int max = (1 << bits) - 1;
        int value = head & max;
        if (value < max) {
            return value;
        }
        for (int shift = 0; shift < INTEGER_BITS_MAX; shift += 7) {
            int next = block.get() & 0xff;
            value += (next & 0x7f) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new IllegalArgumentException("integer: too long (expected: at most 4 bytes after its prefix)");
    }
}
