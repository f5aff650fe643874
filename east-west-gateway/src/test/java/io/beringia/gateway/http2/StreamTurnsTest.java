package io.beringia.gateway.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.gateway.relay.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What several streams with much to send write on their one connection. */
final class StreamTurnsTest {
    private static final int BYTES = 15 * 1024;
    private static final int STREAMS = 4;
    private static final int LENGTH_BYTES = 3;

    private final EmbeddedChannel channel = new EmbeddedChannel();

    @AfterEach
    void ends() {
        channel.finishAndReleaseAll();
    }

    @Test
    void streams_take_turns_in_whole_frames_and_not_in_crumbs() {
        HboneConnection connection = HboneConnection.dial(channel, System::nanoTime);
        List<HboneStream> streams = opened(connection);
        for (HboneStream stream : streams) {
            stream.write(Unpooled.buffer(BYTES).writeZero(BYTES));
        }
        connection.flush();
        channel.runPendingTasks();
        assertThat(dataFrames()).containsOnly(BYTES).hasSize(STREAMS);
    }

    @Test
    void what_streams_say_in_one_turn_of_the_loop_is_flushed_once() {
        AtomicInteger flushes = new AtomicInteger();
        channel.pipeline().addLast(new ChannelOutboundHandlerAdapter() {
            @Override
            public void flush(ChannelHandlerContext ctx) {
                flushes.incrementAndGet();
                ctx.flush();
            }
        });
        List<HboneStream> streams = opened(HboneConnection.dial(channel, System::nanoTime));
        flushes.set(0);
        for (HboneStream stream : streams) {
            stream.write(Unpooled.buffer(1).writeByte(0));
            stream.flush();
        }
        channel.runPendingTasks();
        assertThat(flushes).hasValue(1);
        assertThat(dataFrames()).hasSize(STREAMS);
    }

    /** hyperium/h2#935: each small DATA frame costs its receiver, and an empty one most. */
    @Test
    void small_words_of_a_stream_leave_as_one_frame_and_an_empty_one_only_ends_it() {
        HboneConnection connection = HboneConnection.dial(channel, System::nanoTime);
        HboneStream stream = opened(connection).getFirst();
        for (int i = 0; i < 100; i++) {
            stream.write(Unpooled.buffer(64).writeZero(64));
            stream.flush();
        }
        channel.runPendingTasks();
        assertThat(dataFrames()).containsExactly(100 * 64);
        stream.finish();
        channel.runPendingTasks();
        assertThat(dataFrames()).containsExactly(0);
    }

    private List<HboneStream> opened(HboneConnection connection) {
        List<HboneStream> streams = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            streams.add(connection.open(connect(), new Silent()).orElseThrow());
        }
        channel.runPendingTasks();
        channel.releaseOutbound();
        return streams;
    }

    private static Http2Headers connect() {
        return new DefaultHttp2Headers().method("CONNECT").authority("echo.demo.svc:80");
    }

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

    private static final class Silent implements HboneStream.Head {
        @Override
        public void onHeaders(Http2Headers headers, boolean ended) {}

        @Override
        public void onLost(Reset why) {}
    }
}
