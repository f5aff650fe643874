package io.beringia.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.SocketAddress;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Peers that take no more of us say why, and an operator finds it. */
final class GoAwaysHeardTest {
    private final World world = new World();

    @AfterEach
    void ends() throws Exception {
        world.close();
    }

    private static void calmDown(ChannelHandlerContext stream) {
        FarGateway.accept(stream);
        stream.channel()
                .parent()
                .writeAndFlush(new DefaultHttp2GoAwayFrame(
                        Http2Error.ENHANCE_YOUR_CALM,
                        Unpooled.copiedBuffer("too many\r\npings", StandardCharsets.US_ASCII)));
    }

    @Test
    @ResourceLock("log of io.beringia")
    void the_goaway_of_a_gateway_is_counted_by_its_error_and_logged_escaped() throws Exception {
        SocketAddress address = world.west.addGateway();
        world.keep(new FarGateway(address, world.west.svid(world.west.gatewayId()), GoAwaysHeardTest::calmDown));
        world.west.addPod();
        SocketAddress hbone = world.east.addGateway();
        world.publish();
        World.Running east = world.east.start(hbone);
        try (LogLines log = LogLines.of("io.beringia.gateway")) {
            world.client(east.relay(), world.east.svid(world.east.clientId())).open(World.AUTHORITY);
            await().untilAsserted(() -> assertThat(log.lines())
                    .filteredOn(line -> line.contains("GOAWAY"))
                    .singleElement()
                    .asString()
                    .contains(address.toString(), "enhance-your-calm", "too many\\u000d\\u000apings")
                    .endsWith(" WARN"));
            assertThat(world.east.count("gateway.goaways.heard", "from", "gateway", "error", "enhance-your-calm"))
                    .isEqualTo(1);
        }
    }

    /** It comes as often as whoever dials us wants. */
    @Test
    @ResourceLock("log of io.beringia")
    void the_goaway_of_a_client_is_counted_by_its_error_and_warns_nobody() throws Exception {
        SocketAddress hbone = world.east.addGateway();
        world.publish();
        World.Running east = world.east.start(hbone);
        HboneClient client = world.client(east.relay(), world.east.svid(world.east.clientId()));
        assertThat(client.open(World.AUTHORITY).status()).as("it is served").isEqualTo("503");
        try (LogLines log = LogLines.of("io.beringia.gateway")) {
            client.goAway(Http2Error.INTERNAL_ERROR);
            await().untilAsserted(() -> assertThat(log.lines())
                    .filteredOn(line -> line.contains("GOAWAY") && line.contains("internal-error"))
                    .singleElement()
                    .asString()
                    .endsWith(" DEBUG"));
            assertThat(world.east.count("gateway.goaways.heard", "from", "client", "error", "internal-error"))
                    .isEqualTo(1);
        }
    }
}
