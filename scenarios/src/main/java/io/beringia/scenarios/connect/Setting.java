package io.beringia.scenarios.connect;

import java.nio.ByteBuffer;
import java.util.List;

/** The settings of HTTP/2, and that of extended CONNECT (RFC 9113, section 6.5.2; RFC 8441, section 3). */
enum Setting {
    HEADER_TABLE_SIZE(1),
    ENABLE_PUSH(2),
    MAX_CONCURRENT_STREAMS(3),
    INITIAL_WINDOW_SIZE(4),
    MAX_FRAME_SIZE(5),
    MAX_HEADER_LIST_SIZE(6),
    ENABLE_CONNECT_PROTOCOL(8),
    /** Nobody's: to be ignored. */
    UNKNOWN(0x7abc);

    static final int BYTES = 6;

    private final int id;

    Setting(int id) {
        this.id = id;
    }

    int id() {
        return id;
    }

    /** The payload of a SETTINGS frame; each word is {@code NAME=VALUE}. */
    static byte[] payload(List<String> words) {
        ByteBuffer payload = ByteBuffer.allocate(words.size() * BYTES);
        for (String word : words) {
            int at = word.indexOf('=');
            if (at < 0) {
                throw new IllegalArgumentException("setting: \"" + word + "\" (expected: NAME=VALUE)");
            }
            payload.putShort((short) valueOf(word.substring(0, at)).id);
            payload.putInt((int) Long.parseLong(word.substring(at + 1)));
        }
        return payload.array();
    }
}
