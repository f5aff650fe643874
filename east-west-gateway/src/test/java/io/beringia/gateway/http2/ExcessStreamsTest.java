package io.beringia.gateway.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.IpAddress;
import io.beringia.gateway.limits.ByteBudget;
import io.beringia.gateway.limits.FrameRates;
import io.beringia.gateway.limits.LimitsConfig;
import io.beringia.gateway.limits.LoopLimits;
import io.beringia.gateway.limits.PeerAllowance;
import io.beringia.gateway.limits.PeerConnection;
import io.beringia.gateway.relay.Reset;
import io.beringia.trust.identity.SpiffeId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A peer that opens streams without regard to how many it was told of. */
final class ExcessStreamsTest {
    private static final int ANNOUNCED = (int) HboneCodec.STREAMS_MAX;
    /** Of one peer: as many new tunnels at once as refusals that cost nobody the connection. */
    private static final int BURST = 2 * 500;

    private static final SpiffeId PEER = SpiffeId.parse("spiffe://cluster.local/ns/demo/sa/web");

    private final List<String> told = new ArrayList<>();
    private final List<HboneStream> served = new ArrayList<>();
    private final EmbeddedChannel server = new EmbeddedChannel();
    /** Writes what its peer is to read. */
    private final EmbeddedChannel client = new EmbeddedChannel(new ChannelInboundHandlerAdapter());

    private final DefaultHttp2FrameWriter writer = new DefaultHttp2FrameWriter();

    @AfterEach
    void ends() {
        server.finishAndReleaseAll();
        client.finishAndReleaseAll();
        writer.close();
    }

    private void serve(LimitsConfig limits) {
        PeerConnection peer = new LoopLimits(
                        new LoopLimits.Shared(limits, () -> 0, new SplittableRandom(1), (_, word) -> told.add(word)))
                .connect(PEER, IpAddress.parse("10.0.0.1"), PeerAllowance.OF_CLIENT)
                .orElseThrow();
        HboneConnection.serve(
                server,
                () -> 0,
                new ByteBudget(1024 * 1024, () -> {}),
                peer,
                (opened, headers, ended) -> served.add(opened.with(new Silent())));
        ChannelHandlerContext out = client.pipeline().firstContext();
        client.writeOutbound(Http2CodecUtil.connectionPrefaceBuf());
        writer.writeSettings(out, new Http2Settings(), out.newPromise());
        deliver();
    }

    private void open(int index) {
        ChannelHandlerContext out = client.pipeline().firstContext();
        Http2Headers connect = new DefaultHttp2Headers().method("CONNECT").authority("echo.demo.svc:80");
        writer.writeHeaders(out, 1 + 2 * index, connect, 0, false, out.newPromise());
        deliver();
    }

    private void deliver() {
        client.flushOutbound();
        for (ByteBuf part = client.readOutbound(); part != null; part = client.readOutbound()) {
            server.writeInbound(part);
        }
        server.runPendingTasks();
    }

    /** Error codes of all frames of that type since the last call. */
    private List<Long> codes(byte type, int codeAt) {
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf part = server.readOutbound(); part != null; part = server.readOutbound()) {
            all.writeBytes(part);
            part.release();
        }
        List<Long> codes = new ArrayList<>();
        while (all.isReadable()) {
            int length = all.readUnsignedMedium();
            byte found = all.readByte();
            all.skipBytes(1 + Integer.BYTES);
            if (found == type) {
                codes.add(all.getUnsignedInt(all.readerIndex() + codeAt));
            }
            all.skipBytes(length);
        }
        return codes;
    }

    @Test
    void each_is_refused_alone_and_a_flood_of_them_ends_the_connection() {
        serve(LimitsConfig.ofProcess());
        for (int i = 0; i < ANNOUNCED; i++) {
            open(i);
        }
        assertThat(served).hasSize(ANNOUNCED);
        assertThat(told).isEmpty();
        open(ANNOUNCED);
        assertThat(codes(Http2FrameTypes.RST_STREAM, 0)).containsExactly(Http2Error.REFUSED_STREAM.code());
        assertThat(told).containsExactly("connection-tunnels");
        assertThat(server.isOpen()).isTrue();
        int opened = ANNOUNCED;
        while (server.isOpen() && opened < 10_000) {
            open(++opened);
        }
        assertThat(codes(Http2FrameTypes.GO_AWAY, Integer.BYTES)).containsExactly(Http2Error.ENHANCE_YOUR_CALM.code());
        assertThat(opened).isEqualTo(ANNOUNCED + BURST);
        assertThat(told).contains("flood");
    }

    @Test
    void as_many_pings_at_once_are_answered_as_is_configured_and_one_more_ends_the_connection() {
        serve(LimitsConfig.ofProcess().withFrames(new FrameRates(2, 100, 100, 20, 500)));
        ChannelHandlerContext out = client.pipeline().firstContext();
        int sent = 0;
        while (server.isOpen() && sent < 1_000) {
            writer.writePing(out, false, ++sent, out.newPromise());
            deliver();
        }
        assertThat(sent).isEqualTo(5 * 2 + 1);
        assertThat(codes(Http2FrameTypes.GO_AWAY, Integer.BYTES)).containsExactly(Http2Error.ENHANCE_YOUR_CALM.code());
    }

    private static final class Silent implements HboneStream.Head {
        @Override
        public void onHeaders(Http2Headers headers, boolean ended) {}

        @Override
        public void onLost(Reset why) {}
    }
}
