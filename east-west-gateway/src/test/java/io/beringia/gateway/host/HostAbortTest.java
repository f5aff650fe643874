package io.beringia.gateway.host;

import static io.beringia.gateway.host.HostLab.ECHO;
import static io.beringia.gateway.host.HostLab.echoService;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.Destination;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Workload;
import io.beringia.gateway.FarGateway;
import io.beringia.gateway.HboneClient;
import io.beringia.gateway.relay.Reset;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an application sees of a tunnel that does not end as it should, and what the tunnel sees of it. */
@Timeout(60)
final class HostAbortTest {
    private static final int LOCAL_PORT = 7_080;

    private final HostLab lab = new HostLab();
    private final Workload client = lab.workload("shop", "client", 1).build();
    private final Workload server = lab.echo("echo", 2).build();

    @AfterEach
    void close() {
        lab.close();
    }

    /** Our side is the real one; the other does as the test says. */
    private FarGateway peer(FarGateway.Says says) throws Exception {
        lab.publish(List.of(client, server), List.of(echoService(server.identity())), List.of());
        HostConfig.Listener listener = new HostConfig.Listener(
                SocketAddress.parse(lab.ip(1) + ":" + LOCAL_PORT), new Destination.ByName(ECHO.hostname(), 80));
        lab.client(client, listener);
        return lab.peer(server, says);
    }

    private static ChannelFuture say(ChannelHandlerContext stream, byte[] bytes, boolean ended) {
        return stream.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(bytes), ended));
    }

    /** Once all that was said before has left: a reset overtakes what waits. */
    private static void resetAfter(ChannelFuture said, ChannelHandlerContext stream, long code) {
        said.addListener(_ -> stream.writeAndFlush(new DefaultHttp2ResetFrame(code)));
    }

    @ParameterizedTest
    @ValueSource(longs = {0x0, 0x2, 0x5, 0x8, 0xa})
    void an_answer_without_its_end_is_an_abort(long code) throws Exception {
        try (FarGateway peer = peer(stream -> {
                    FarGateway.accept(stream);
                    resetAfter(say(stream, new byte[3], false), stream, code);
                });
                SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
            InputStream in = socks.socket().getInputStream();
            assertThatThrownBy(in::readAllBytes).as("RST, not FIN").isInstanceOf(SocketException.class);
            assertThat(peer).isNotNull();
        }
    }

    @Test
    void a_connection_that_ends_under_a_tunnel_is_an_abort() throws Exception {
        try (FarGateway peer = peer(stream -> {
                    FarGateway.accept(stream);
                    say(stream, new byte[3], false)
                            .addListener(_ -> stream.channel().parent().close());
                });
                SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
            InputStream in = socks.socket().getInputStream();
            assertThatThrownBy(in::readAllBytes).as("RST, not FIN").isInstanceOf(SocketException.class);
            assertThat(peer).isNotNull();
        }
    }

    /** RFC 9113, 8.1: a server that has said all may ask the client to say no more. */
    @ParameterizedTest
    @ValueSource(longs = {0x0, 0x8})
    void a_whole_answer_stays_whole_when_the_rest_is_not_wanted(long code) throws Exception {
        byte[] answer = new byte[40_000];
        new Random(code).nextBytes(answer);
        try (FarGateway peer = peer(stream -> {
                    FarGateway.accept(stream);
                    resetAfter(say(stream, answer, true), stream, code);
                });
                Socket slow = new Socket()) {
            slow.setReceiveBufferSize(4_096);
            slow.setSoTimeout(20_000);
            slow.connect(new InetSocketAddress(lab.ip(1), LOCAL_PORT), 5_000);
            await().atMost(Duration.ofSeconds(20)).until(() -> lab.ended("outbound") == 1);
            assertThat(slow.getInputStream().readAllBytes()).isEqualTo(answer);
            assertThat(peer).isNotNull();
        }
    }

    @Test
    void an_application_that_aborts_resets_its_stream() throws Exception {
        try (FarGateway peer = peer(FarGateway::accept)) {
            SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80);
            assertThat(socks.reply()).isZero();
            socks.socket().setSoLinger(true, 0);
            socks.close();
            assertThat(peer.nextReset()).isEqualTo(Reset.CONNECT_ERROR.code());
        }
    }

    @Test
    void a_server_that_aborts_resets_its_callers_stream() throws Exception {
        lab.publish(List.of(client, server), List.of(echoService(server.identity())), List.of());
        lab.server(server, server.identity());
        try (Application application = new Application(lab.ip(2), 8080, socket -> {
                    socket.getInputStream().read();
                    socket.setSoLinger(true, 0);
                });
                HboneClient caller = HboneClient.connect(
                        SocketAddress.parse(lab.ip(2) + ":15008"),
                        lab.credentials(client.identity()).svid())) {
            HboneClient.Tunnel tunnel = caller.open(lab.ip(2) + ":8080");
            assertThat(tunnel.write("a").resetCode()).isEqualTo(Reset.CONNECT_ERROR.code());
            assertThat(application.nextEnding()).isEqualTo("end");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0x0, 0x8, 0xa})
    void a_caller_that_takes_its_stream_back_aborts_the_server(long code) throws Exception {
        lab.publish(List.of(client, server), List.of(echoService(server.identity())), List.of());
        lab.server(server, server.identity());
        try (Application application = new Application(lab.ip(2), 8080, Application::echo);
                HboneClient caller = HboneClient.connect(
                        SocketAddress.parse(lab.ip(2) + ":15008"),
                        lab.credentials(client.identity()).svid())) {
            HboneClient.Tunnel tunnel = caller.open(lab.ip(2) + ":8080");
            assertThat(tunnel.write("a").read(1)).isEqualTo("a");
            tunnel.reset(code);
            assertThat(application.nextEnding()).as("RST, not FIN").isEqualTo("reset");
        }
    }

    /** The outer stream ends as if all were well; only the inner one says that it is not. */
    @ParameterizedTest
    @EnumSource
    void an_outer_tunnel_that_ends_before_the_inner_one_is_an_abort(TwoNetworks.Mode mode) throws Exception {
        try (TwoNetworks networks = new TwoNetworks();
                WireTap tap = new WireTap(networks.lab().ip(5), networks.lab().ip(2), 15_008)) {
            networks.start(networks.cast(mode).serverSeenAt(5));
            try (Application application = new Application(networks.lab().ip(2), 8080, Application::echo);
                    SocksClient socks = SocksClient.connect(networks.lab().ip(1), ECHO.hostname(), 80)) {
                socks.socket().getOutputStream().write('a');
                InputStream in = socks.socket().getInputStream();
                assertThat(in.read()).isEqualTo('a');
                tap.hangUp();
                assertThatThrownBy(in::readAllBytes).as("RST, not FIN").isInstanceOf(SocketException.class);
                assertThat(application.accepted()).isEqualTo(1);
            }
        }
    }
}
