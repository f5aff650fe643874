package io.beringia.scenarios.connect;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/** What a server of CONNECT may say (RFC 9113), whatever it was told. Owned by one run. */
final class AnswerCheck {
    private static final int BYTES_MAX = 16_777_215;
    private static final Set<Integer> CODES = Set.of(
            Http2Error.NO_ERROR.code(),
            Http2Error.PROTOCOL_ERROR.code(),
            Http2Error.FLOW_CONTROL_ERROR.code(),
            Http2Error.STREAM_CLOSED.code(),
            Http2Error.FRAME_SIZE_ERROR.code(),
            Http2Error.REFUSED_STREAM.code(),
            Http2Error.CANCEL.code(),
            Http2Error.COMPRESSION_ERROR.code(),
            Http2Error.CONNECT_ERROR.code(),
            Http2Error.ENHANCE_YOUR_CALM.code());
    /** A peer gets no more than ten times what it sent, and a hello. */
    private static final long AMPLIFICATION = 10;

    private static final long HELLO_BYTES = 200;

    private final ByteArrayOutputStream unread = new ByteArrayOutputStream();
    private final Set<Integer> answered = new HashSet<>();
    private final Set<Integer> ended = new HashSet<>();
    private long askedBytes;
    private long saidBytes;

    void asked(long bytes) {
        askedBytes += bytes;
    }

    void said(ByteBuf bytes) {
        saidBytes += bytes.readableBytes();
        byte[] next = new byte[bytes.readableBytes()];
        bytes.getBytes(bytes.readerIndex(), next);
        unread.writeBytes(next);
        ByteBuffer all = ByteBuffer.wrap(unread.toByteArray());
        while (all.remaining() >= Frame.HEAD_BYTES && isWhole(all)) {
            check(read(all));
        }
        unread.reset();
        unread.write(all.array(), all.position(), all.remaining());
        require(saidBytes <= AMPLIFICATION * askedBytes + HELLO_BYTES, saidBytes + " bytes", "ten for one");
    }

    private static boolean isWhole(ByteBuffer all) {
        return all.remaining() >= Frame.HEAD_BYTES + length(all);
    }

    private static int length(ByteBuffer all) {
        return all.getInt(all.position()) >>> 8;
    }

    private static Frame read(ByteBuffer all) {
        byte[] payload = new byte[length(all)];
        all.position(all.position() + 3);
        int type = all.get() & 0xff;
        int flags = all.get() & 0xff;
        int stream = all.getInt();
        all.get(payload);
        return new Frame(type, flags, stream, payload);
    }

    private void check(Frame frame) {
        int stream = frame.stream();
        require(frame.body().size() <= BYTES_MAX, frame, "a shorter one");
        require(stream >= 0 && (stream == 0 || stream % 2 == 1), frame, "a stream of the peer");
        switch (frame.type()) {
            case Frame.DATA -> {
                require(answered.contains(stream) && !ended.contains(stream), frame, "an open stream");
                require(frame.body().size() > 0 || frame.has(Frame.END_STREAM), frame, "no empty DATA");
            }
            case Frame.HEADERS -> require(answered.add(stream) && !ended.contains(stream), frame, "one answer");
            case Frame.RST_STREAM -> require(CODES.contains(frame.number(0)), frame, "a stated error");
            case Frame.GOAWAY -> require(CODES.contains(frame.number(Integer.BYTES)), frame, "a stated error");
            case Frame.SETTINGS, Frame.PING -> require(stream == 0, frame, "stream 0");
            case Frame.WINDOW_UPDATE -> require(frame.number(0) > 0, frame, "more than 0");
            default -> require(false, frame, "a frame that servers send");
        }
        if (frame.type() == Frame.RST_STREAM || frame.type() <= Frame.HEADERS && frame.has(Frame.END_STREAM)) {
            ended.add(stream);
        }
    }

    private static void require(boolean met, Object what, String expected) {
        if (!met) {
            throw new IllegalStateException("answer: " + what + " (expected: " + expected + ")");
        }
    }
}
