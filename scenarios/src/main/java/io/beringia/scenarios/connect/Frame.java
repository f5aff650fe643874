package io.beringia.scenarios.connect;

import java.nio.ByteBuffer;

/**
 * One frame as it stands on the wire (RFC 9113, section 4.1). Any type, any flags: whether that makes sense is for the other
 * side to say.
 */
public record Frame(int type, int flags, int stream, Bytes body) {
    public static final int HEAD_BYTES = 9;

    public static final int DATA = 0x0;
    public static final int HEADERS = 0x1;
    public static final int PRIORITY = 0x2;
    public static final int RST_STREAM = 0x3;
    public static final int SETTINGS = 0x4;
    public static final int PUSH_PROMISE = 0x5;
    public static final int PING = 0x6;
    public static final int GOAWAY = 0x7;
    public static final int WINDOW_UPDATE = 0x8;
    public static final int CONTINUATION = 0x9;

    public static final int ACK = 0x1;
    public static final int END_STREAM = 0x1;
    public static final int END_HEADERS = 0x4;
    public static final int PADDED = 0x8;
    public static final int WITH_PRIORITY = 0x20;

    private static final int PRIORITY_BYTES = 5;

    public Frame(int type, int flags, int stream, byte[] payload) {
        this(type, flags, stream, Bytes.of(payload));
    }

    public byte[] payload() {
        return body.array();
    }

    public static Frame windowUpdate(int stream, int by) {
        return new Frame(
                WINDOW_UPDATE,
                0,
                stream,
                ByteBuffer.allocate(Integer.BYTES).putInt(by).array());
    }

    public static Frame resetStream(int stream, int code) {
        return new Frame(
                RST_STREAM,
                0,
                stream,
                ByteBuffer.allocate(Integer.BYTES).putInt(code).array());
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    public byte[] bytes() {
        byte[] payload = payload();
        return ByteBuffer.allocate(HEAD_BYTES + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** What is left without padding and priority. */
    public byte[] content() {
        byte[] payload = payload();
        int from = (has(PADDED) ? 1 : 0) + (type == HEADERS && has(WITH_PRIORITY) ? PRIORITY_BYTES : 0);
        int padding = has(PADDED) ? payload[0] & 0xff : 0;
        byte[] content = new byte[payload.length - from - padding];
        System.arraycopy(payload, from, content, 0, content.length);
        return content;
    }

    public int number(int at) {
        return ByteBuffer.wrap(payload()).getInt(at);
    }
}
