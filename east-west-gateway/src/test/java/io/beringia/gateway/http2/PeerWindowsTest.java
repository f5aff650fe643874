package io.beringia.gateway.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.gateway.relay.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A peer that changes its mind about how much it takes (RFC 9113, 6.9.2; mock-server/mockserver-monorepo#2683). */
final class PeerWindowsTest {
    private static final int CONNECTION = 0;
    private static final int STREAM = 3;
    private static final int LENGTH_BYTES = 3;
    private static final int PART = 10_000;
    private static final int TOTAL = 200 * PART;
    private static final int LARGE = 1024 * 1024;
    private static final int SMALL = 1024;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ByteBuf arrived = Unpooled.buffer();
    private final byte[] said = new byte[TOTAL];

    @AfterEach
    void ends() {
        channel.finishAndReleaseAll();
    }

    private void initialWindow(int bytes) {
        hear(
                Http2FrameTypes.SETTINGS,
                CONNECTION,
                Unpooled.buffer().writeShort(4).writeInt(bytes));
    }

    private void credit(int stream, int bytes) {
        hear(Http2FrameTypes.WINDOW_UPDATE, stream, Unpooled.buffer().writeInt(bytes));
    }

    private void hear(byte type, int stream, ByteBuf payload) {
        channel.writeInbound(Unpooled.buffer()
                .writeMedium(payload.readableBytes())
                .writeByte(type)
                .writeByte(0)
                .writeInt(stream)
                .writeBytes(payload));
        channel.runPendingTasks();
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            all.writeBytes(part);
            part.release();
        }
        while (all.isReadable()) {
            int length = all.readUnsignedMedium();
            boolean isData = all.readByte() == Http2FrameTypes.DATA;
            all.skipBytes(Http2CodecUtil.FRAME_HEADER_LENGTH - LENGTH_BYTES - 1);
            ByteBuf body = all.readSlice(length);
            if (isData) {
                arrived.writeBytes(body);
            }
        }
    }

    @Test
    void every_byte_arrives_once_and_none_beyond_the_window_though_it_falls_below_zero() {
        HboneConnection connection = HboneConnection.dial(channel, System::nanoTime);
        channel.runPendingTasks();
        channel.releaseOutbound();
        initialWindow(Http2CodecUtil.DEFAULT_WINDOW_SIZE);
        credit(CONNECTION, 10 * TOTAL);
        say(connection);
        initialWindow(Http2CodecUtil.DEFAULT_WINDOW_SIZE);
        assertThat(arrived.readableBytes()).isEqualTo(Http2CodecUtil.DEFAULT_WINDOW_SIZE);
        initialWindow(LARGE);
        assertThat(arrived.readableBytes()).isEqualTo(LARGE);
        initialWindow(SMALL);
        credit(STREAM, LARGE - SMALL);
        assertThat(arrived.readableBytes()).as("a window of nothing").isEqualTo(LARGE);
        credit(STREAM, 1);
        assertThat(arrived.readableBytes()).isEqualTo(LARGE + 1);
        credit(STREAM, TOTAL);
        byte[] got = new byte[arrived.readableBytes()];
        arrived.readBytes(got);
        assertThat(got).isEqualTo(said);
    }

    private void say(HboneConnection connection) {
        new Random(1).nextBytes(said);
        HboneStream stream = connection
                .open(new DefaultHttp2Headers().method("CONNECT").authority("echo.demo.svc:80"), new Silent())
                .orElseThrow();
        for (int i = 0; i < TOTAL; i += PART) {
            stream.write(Unpooled.copiedBuffer(said, i, PART));
        }
        stream.flush();
    }

    private static final class Silent implements HboneStream.Head {
        @Override
        public void onHeaders(Http2Headers headers, boolean ended) {}

        @Override
        public void onLost(Reset why) {}
    }
}
