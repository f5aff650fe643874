package io.beringia.scenarios.connect;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes field blocks that no decoder can misunderstand (RFC 7541): every field a literal with its name, never indexed, never
 * compressed.
 */
public final class Hpack {
    private static final int LITERAL_WITHOUT_INDEXING = 0x00;
    private static final int SEVEN_BITS = 0x7f;

    private Hpack() {}

    public static byte[] encode(List<Field> fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (Field field : fields) {
            block.write(LITERAL_WITHOUT_INDEXING);
            string(block, field.name());
            string(block, field.value());
        }
        return block.toByteArray();
    }

    private static void string(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < SEVEN_BITS) {
            block.write(bytes.length);
        } else {
            block.write(SEVEN_BITS);
            rest(block, bytes.length - SEVEN_BITS);
        }
        block.writeBytes(bytes);
    }

    private static void rest(ByteArrayOutputStream block, int value) {
        int left = value;
        while (left > SEVEN_BITS) {
            block.write(left & SEVEN_BITS | 0x80);
            left >>= 7;
        }
        block.write(left);
    }
}
