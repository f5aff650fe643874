package io.beringia.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.HboneClient.Tunnel;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A gateway of another region that says more than one answer (netty/netty#17440). */
final class FarAnswersTest {
    private static final long PROTOCOL_ERROR = 0x1;

    private final World world = new World();

    @AfterEach
    void ends() throws Exception {
        world.close();
    }

    /** What follows a 200. */
    enum More {
        SECOND_ANSWER {
            @Override
            void say(ChannelHandlerContext stream) {
                FarGateway.writeBare(stream, new DefaultHttp2Headers().status("200"), false);
            }
        },
        EARLY_HINTS {
            @Override
            void say(ChannelHandlerContext stream) {
                FarGateway.writeBare(stream, new DefaultHttp2Headers().status("103"), false);
            }
        },
        TRAILERS {
            @Override
            void say(ChannelHandlerContext stream) {
                FarGateway.writeBare(stream, new DefaultHttp2Headers().set("x-trailer", "1"), true);
            }
        };

        abstract void say(ChannelHandlerContext stream);
    }

    private static void write(ChannelHandlerContext stream, Http2Headers headers, boolean ended) {
        stream.writeAndFlush(new DefaultHttp2HeadersFrame(headers, ended));
    }

    private FarGateway far(FarGateway.Says says) throws Exception {
        SocketAddress address = world.west.addGateway();
        return world.keep(new FarGateway(address, world.west.svid(world.west.gatewayId()), says));
    }

    private Tunnel open() throws Exception {
        world.west.addPod();
        SocketAddress hbone = world.east.addGateway();
        world.publish();
        World.Running east = world.east.start(hbone);
        return world.client(east.relay(), world.east.svid(world.east.clientId()))
                .open(World.AUTHORITY);
    }

    @ParameterizedTest
    @EnumSource
    void headers_after_the_answer_are_an_abort_and_no_end(More more) throws Exception {
        FarGateway far = far(stream -> {
            write(stream, new DefaultHttp2Headers().status("200"), false);
            stream.writeAndFlush(
                    new DefaultHttp2DataFrame(Unpooled.copiedBuffer("half of it", StandardCharsets.US_ASCII)));
            more.say(stream);
        });
        Tunnel tunnel = open();
        assertThat(tunnel.status()).isEqualTo("200");
        assertThat(tunnel.resetCode()).isNotZero().isNotEqualTo(0x8);
        assertThat(far.nextReset()).isEqualTo(PROTOCOL_ERROR);
    }

    @Test
    void hints_before_the_answer_are_none() throws Exception {
        far(stream -> {
            write(stream, new DefaultHttp2Headers().status("103"), false);
            write(stream, new DefaultHttp2Headers().status("200"), false);
            stream.writeAndFlush(
                    new DefaultHttp2DataFrame(Unpooled.copiedBuffer("all of it", StandardCharsets.US_ASCII), true));
        });
        Tunnel tunnel = open();
        assertThat(tunnel.read(9)).isEqualTo("all of it");
        assertThat(tunnel.drain()).isZero();
    }
}
