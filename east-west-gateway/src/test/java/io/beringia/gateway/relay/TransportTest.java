package io.beringia.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
final class TransportTest {
    private static final InetSocketAddress HERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final long WAIT_SECONDS = 10;

    @ParameterizedTest
    @EnumSource
    void what_a_listener_accepts_has_the_options_of_a_tunnel_socket(Transport transport) throws Exception {
        EventLoopGroup group = transport.loops(1, "transport/");
        CompletableFuture<SocketChannel> accepted = new CompletableFuture<>();
        try {
            Channel listener = transport
                    .listener(group)
                    .childHandler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel channel) {
                            accepted.complete(channel);
                        }
                    })
                    .bind(HERE)
                    .sync()
                    .channel();
            try (Socket _ = new Socket(HERE.getAddress(), ((InetSocketAddress) listener.localAddress()).getPort())) {
                assertThat(TunnelOptions.of(accepted.get(WAIT_SECONDS, TimeUnit.SECONDS)))
                        .isEqualTo(TunnelOptions.lasting(transport));
            }
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_socket_that_dials_is_looked_after_when_that_is_asked_for(Transport transport) {
        SocketChannel socket = transport.socketTo(HERE.getAddress());
        try {
            assertThat(TunnelOptions.of(socket).isYoung()).isTrue();
            Transport.keepAlive(socket);
            assertThat(TunnelOptions.of(socket)).isEqualTo(TunnelOptions.lasting(transport));
        } finally {
            socket.unsafe().closeForcibly();
        }
    }

    @Test
    void a_connection_is_looked_after_once_it_has_lasted() {
        assumeThat(Transport.best()).isEqualTo(Transport.EPOLL);
        MockTicker time = Ticker.newMockTicker();
        ManualIoEventLoop loop = new ManualIoEventLoop(null, Thread.currentThread(), LastingEpoll.factory(), time);
        SocketChannel lasting = registered(loop);
        SocketChannel brief = registered(loop);
        Transport.keepAliveIfLasting(lasting);
        Transport.keepAliveIfLasting(brief);
        time.advanceMillis(Transport.LASTING.toMillis() - 1);
        loop.runNow();
        assertThat(TunnelOptions.of(lasting).isYoung()).isTrue();
        brief.close();
        time.advanceMillis(1);
        loop.runNow();
        assertThat(TunnelOptions.of(lasting)).isEqualTo(TunnelOptions.lasting(Transport.EPOLL));
        lasting.close();
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        loop.runNow();
    }

    private static SocketChannel registered(EventLoop loop) {
        SocketChannel channel = Transport.EPOLL.socketTo(HERE.getAddress());
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter());
        loop.register(channel);
        return channel;
    }
}
