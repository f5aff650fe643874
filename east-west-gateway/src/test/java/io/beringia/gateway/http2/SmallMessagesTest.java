package io.beringia.gateway.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.gateway.relay.RelayEnd;
import io.beringia.gateway.relay.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The many small messages of a database, which others count one by one (istio/ztunnel#2100, hyperium/h2#944). */
final class SmallMessagesTest {
    private static final int STREAM = 3;
    private static final int LENGTH_BYTES = 3;
    private static final int MESSAGE_BYTES = 64;
    private static final int MESSAGES = 200;
    private static final int MESSAGES_A_SECOND = 20_000;
    private static final int WINDOW_BYTES = 16 * 1024 * 1024;
    private static final int END_HEADERS = 0x4;
    /** ":status: 200", RFC 7541, appendix A. */
    private static final byte STATUS_200 = (byte) 0x88;

    private long nanos;
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Heard heard = new Heard();
    private final HboneStream stream = HboneConnection.dial(channel, () -> nanos)
            .open(new DefaultHttp2Headers().method("CONNECT").authority("echo.demo.svc:80"), new Answered())
            .orElseThrow();

    @BeforeEach
    void opens() {
        channel.freezeTime();
        ByteBuf answer = frame(
                Http2FrameTypes.SETTINGS,
                0,
                0,
                ByteBuffer.allocate(6)
                        .putShort((short) Http2CodecUtil.SETTINGS_INITIAL_WINDOW_SIZE)
                        .putInt(WINDOW_BYTES)
                        .array());
        answer.writeBytes(frame(
                Http2FrameTypes.WINDOW_UPDATE,
                0,
                0,
                ByteBuffer.allocate(4).putInt(WINDOW_BYTES).array()));
        answer.writeBytes(frame(Http2FrameTypes.HEADERS, END_HEADERS, STREAM, new byte[] {STATUS_200}));
        channel.writeInbound(answer);
        channel.runPendingTasks();
        channel.releaseOutbound();
        stream.start(heard);
    }

    @AfterEach
    void ends() {
        channel.finishAndReleaseAll();
    }

    private static ByteBuf frame(byte type, int flags, int stream, byte[] payload) {
        return Unpooled.buffer()
                .writeMedium(payload.length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream)
                .writeBytes(payload);
    }

    @Test
    void what_came_with_one_read_goes_on_as_one() {
        ByteBuf read = Unpooled.buffer();
        for (int i = 0; i < MESSAGES; i++) {
            read.writeBytes(frame(Http2FrameTypes.DATA, 0, STREAM, new byte[MESSAGE_BYTES]));
        }
        channel.writeInbound(read);
        assertThat(heard.sizes).containsExactly(MESSAGES * MESSAGE_BYTES);
    }

    @Test
    void what_is_said_in_one_turn_of_the_loop_leaves_as_one_frame() {
        for (int i = 0; i < MESSAGES; i++) {
            stream.write(Unpooled.wrappedBuffer(new byte[MESSAGE_BYTES]));
            stream.flush();
        }
        channel.runPendingTasks();
        assertThat(dataFrames()).containsExactly(MESSAGES * MESSAGE_BYTES);
    }

    /**
     * 20,000 messages a second to a peer whose application takes nothing of them: h2 charges it with what it has not
     * handed over yet.
     */
    @Test
    void a_peer_that_is_late_to_take_small_messages_is_not_brought_to_its_limit() {
        H2Budget peer = new H2Budget();
        for (int i = 0; i < 2 * MESSAGES_A_SECOND; i++) {
            say();
            dataFrames().forEach(peer::received);
            assertThat(peer.available).as("after message " + i).isNotNegative();
        }
        assertThat(peer.frames).as("joined, not held back").isBetween(1_000, 6_000);
    }

    @Test
    void messages_that_are_answered_are_never_held_back() {
        for (int i = 0; i < MESSAGES_A_SECOND; i++) {
            say();
            assertThat(dataFrames()).as("message " + i).containsExactly(MESSAGE_BYTES);
            channel.writeInbound(frame(Http2FrameTypes.DATA, 0, STREAM, new byte[MESSAGE_BYTES]));
            stream.credit(MESSAGE_BYTES);
        }
    }

    @Test
    void a_message_now_and_then_is_never_held_back() {
        for (int i = 0; i < MESSAGES; i++) {
            nanos += Duration.ofMillis(2).toNanos();
            say();
            assertThat(dataFrames()).as("message " + i).containsExactly(MESSAGE_BYTES);
        }
    }

    private void say() {
        nanos += Duration.ofSeconds(1).toNanos() / MESSAGES_A_SECOND;
        channel.advanceTimeBy(Duration.ofSeconds(1).toNanos() / MESSAGES_A_SECOND, TimeUnit.NANOSECONDS);
        stream.write(Unpooled.wrappedBuffer(new byte[MESSAGE_BYTES]));
        stream.flush();
        channel.runPendingTasks();
    }

    /** How h2 0.4.16 counts DATA frames that nobody has taken ({@code proto/streams/counts.rs}). */
    private static final class H2Budget {
        private static final int ALL = 25_600;
        private static final int THRESHOLD = 256;

        private int available = ALL;
        private int frames;

        void received(int bytes) {
            frames++;
            available = Math.min(ALL, available + bytes - THRESHOLD);
        }
    }

    /** Sizes of the DATA frames that have left. */
    private List<Integer> dataFrames() {
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            all.writeBytes(part);
            part.release();
        }
        List<Integer> sizes = new ArrayList<>();
        while (all.isReadable()) {
            int length = all.readUnsignedMedium();
            if (all.readByte() == Http2FrameTypes.DATA) {
                sizes.add(length);
            }
            all.skipBytes(Http2CodecUtil.FRAME_HEADER_LENGTH - LENGTH_BYTES - 1 + length);
        }
        return sizes;
    }

    private static final class Answered implements HboneStream.Head {
        @Override
        public void onHeaders(Http2Headers headers, boolean ended) {}

        @Override
        public void onLost(Reset why) {}
    }

    /** Sizes of the pieces that came. */
    private static final class Heard implements RelayEnd.Events {
        private final List<Integer> sizes = new ArrayList<>();

        @Override
        public void onBytes(ByteBuf bytes) {
            sizes.add(bytes.readableBytes());
            bytes.release();
        }

        @Override
        public void onReadComplete() {}

        @Override
        public void onFinished() {}

        @Override
        public void onReset(Reset why) {}
    }
}
