package io.beringia.gateway.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.gateway.limits.FrameRates;
import io.beringia.gateway.relay.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A peer whose frames cross our resets. */
final class CrossedResetsTest {
    private static final int LENGTH_BYTES = 3;
    private static final short END_STREAM = new Http2Flags().endOfStream(true).value();
    /** :status 200 of the static table (RFC 7541, appendix A). */
    private static final byte STATUS_OK = (byte) 0x88;

    private static final int CROSSED = 10 * FrameRates.DEFAULT.controlAtOnce();

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final AtomicLong awake = new AtomicLong();
    private final HboneConnection connection = HboneConnection.dial(channel, awake::get);
    private int next = 3;

    @BeforeEach
    void greets() {
        channel.runPendingTasks();
        channel.releaseOutbound();
        hear(Http2FrameTypes.SETTINGS, 0, 0);
        said();
    }

    @AfterEach
    void ends() {
        channel.finishAndReleaseAll();
    }

    private void hear(byte type, int flags, int stream, byte... payload) {
        channel.writeInbound(Unpooled.buffer()
                .writeMedium(payload.length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream)
                .writeBytes(payload));
        channel.runPendingTasks();
    }

    /** Types of the frames that were sent since the last call. */
    private List<Byte> said() {
        channel.runPendingTasks();
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            all.writeBytes(part);
            part.release();
        }
        List<Byte> types = new ArrayList<>();
        while (all.isReadable()) {
            int length = all.readUnsignedMedium();
            types.add(all.readByte());
            all.skipBytes(Http2CodecUtil.FRAME_HEADER_LENGTH - LENGTH_BYTES - 1 + length);
        }
        return types;
    }

    /** Its number. */
    private int opensAndResets() {
        HboneStream stream = connection
                .open(new DefaultHttp2Headers().method("CONNECT").authority("echo.demo.svc:80"), new Silent())
                .orElseThrow();
        stream.reset(Reset.CANCEL);
        assertThat(said()).containsExactly(Http2FrameTypes.HEADERS, Http2FrameTypes.RST_STREAM);
        int number = next;
        next += 2;
        return number;
    }

    @Test
    void an_answer_and_bytes_that_cross_are_dropped_without_a_word_however_many_streams_have_them() {
        for (int i = 0; i < CROSSED; i++) {
            int stream = opensAndResets();
            hear(Http2FrameTypes.HEADERS, new Http2Flags().endOfHeaders(true).value(), stream, STATUS_OK);
            hear(Http2FrameTypes.DATA, 0, stream, "crossed".getBytes(StandardCharsets.UTF_8));
            hear(Http2FrameTypes.DATA, END_STREAM, stream);
            assertThat(said()).isEmpty();
        }
        assertThat(connection.hasRoom()).isTrue();
    }

    @Test
    void bytes_long_after_it_are_answered() {
        int stream = opensAndResets();
        awake.addAndGet(RecentResets.HEARD_WITHIN.toNanos() + 1);
        hear(Http2FrameTypes.DATA, 0, stream, "late".getBytes(StandardCharsets.UTF_8));
        assertThat(said()).containsExactly(Http2FrameTypes.RST_STREAM);
    }

    private static final class Silent implements HboneStream.Head {
        @Override
        public void onHeaders(Http2Headers headers, boolean ended) {}

        @Override
        public void onLost(Reset why) {}
    }
}
