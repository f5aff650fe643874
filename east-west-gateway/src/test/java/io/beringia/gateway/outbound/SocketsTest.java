package io.beringia.gateway.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.relay.RelayEnd;
import io.beringia.gateway.relay.Reset;
import io.beringia.gateway.relay.Transport;
import io.beringia.gateway.relay.TunnelOptions;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Dials on a loop that runs in real time, with an awake clock that the test turns. */
final class SocketsTest {
    private static final String HERE = "127.0.0.1";
    private static final Duration PATIENCE = Duration.ofMillis(20);
    private static final long WAIT_SECONDS = 20;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final AtomicLong awake = new AtomicLong();
    private final Outcome outcome = new Outcome();

    @AfterEach
    void ends() throws Exception {
        for (AutoCloseable it : open.reversed()) {
            it.close();
        }
    }

    /** What a dial came to. */
    private static final class Outcome implements Attempt.Outcome {
        final CompletableFuture<DialFailure> failed = new CompletableFuture<>();
        final CompletableFuture<InetSocketAddress> connected = new CompletableFuture<>();

        @Override
        public void onConnected(RelayEnd end, InetSocketAddress local) {
            end.reset(Reset.CANCEL);
            connected.complete(local);
        }

        @Override
        public void onFailed(DialFailure why) {
            failed.complete(why);
        }
    }

    private EventLoop loop(Transport transport) {
        EventLoopGroup group = transport.loops(1, "sockets-");
        open.add(() -> group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly());
        return group.next();
    }

    private void dial(Transport transport, EventLoop loop, SocketAddress to) throws Exception {
        Sockets sockets = new Sockets(transport, IpAddress.parse(HERE), PATIENCE);
        loop.submit(() -> sockets.dial(loop, awake::get, to, outcome)).get();
    }

    /** A listener whose queue is full, so that the kernel drops every further SYN. */
    private SocketAddress blackHole() throws Exception {
        ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName(HERE));
        open.add(full);
        for (int i = 0; i < 8; i++) {
            SocketChannel filler = SocketChannel.open();
            open.add(filler);
            filler.configureBlocking(false);
            filler.connect(full.getLocalSocketAddress());
        }
        return new SocketAddress(IpAddress.parse(HERE), full.getLocalPort());
    }

    /** A task of this loop that was due later than the deadline has run. */
    private static void letTheLoopPassIt(EventLoop loop) throws Exception {
        loop.schedule(() -> {}, 3 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS).get();
    }

    @ParameterizedTest
    @EnumSource
    void a_peer_that_does_not_answer_a_syn_has_so_much_of_our_awake_time(Transport transport) throws Exception {
        EventLoop loop = loop(transport);
        dial(transport, loop, blackHole());
        letTheLoopPassIt(loop);
        assertThat(outcome.failed).as("all of it slept through").isNotDone();
        awake.set(PATIENCE.toNanos());
        assertThat(outcome.failed.get(WAIT_SECONDS, TimeUnit.SECONDS)).isInstanceOf(DialFailure.TimedOut.class);
        assertThat(outcome.connected).isNotDone();
    }

    @ParameterizedTest
    @EnumSource
    void who_answers_is_connected_to_from_our_own_address(Transport transport) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName(HERE))) {
            dial(transport, loop(transport), new SocketAddress(IpAddress.parse(HERE), server.getLocalPort()));
            assertThat(outcome.connected.get(WAIT_SECONDS, TimeUnit.SECONDS).getAddress())
                    .isEqualTo(InetAddress.getByName(HERE));
        }
    }

    @Test
    void a_closed_port_is_a_refusal() throws Exception {
        SocketAddress closed;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName(HERE))) {
            closed = new SocketAddress(IpAddress.parse(HERE), free.getLocalPort());
        }
        Transport transport = Transport.best();
        dial(transport, loop(transport), closed);
        assertThat(outcome.failed.get(WAIT_SECONDS, TimeUnit.SECONDS)).isInstanceOf(DialFailure.Refused.class);
    }

    /** TLS takes memory before a byte is sent, and there may be none. */
    @ParameterizedTest
    @EnumSource
    void a_socket_that_cannot_be_prepared_is_closed_and_whoever_dialled_is_told(Transport transport) throws Exception {
        IllegalStateException none = new IllegalStateException("no memory for TLS");
        EventLoop loop = loop(transport);
        Sockets sockets = new Sockets(transport, IpAddress.parse(HERE), PATIENCE);
        SocketAddress anywhere = new SocketAddress(IpAddress.parse(HERE), 1);
        ChannelFuture dialled = loop.submit(() -> sockets.toGateway(loop, awake::get, anywhere, _ -> {
                    throw none;
                }))
                .get();
        assertThat(dialled.await(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(dialled.cause()).isSameAs(none);
        assertThat(dialled.channel().closeFuture().await(WAIT_SECONDS, TimeUnit.SECONDS))
                .isTrue();
        assertThat(dialled.channel().isOpen()).isFalse();
    }

    /** Java makes an IPv4 address of it, so its socket is one of IPv4. */
    @ParameterizedTest
    @CsvSource({"127.0.0.2, 127.0.0.2", "::1, 127.0.0.1", "::ffff:7f00:2, 127.0.0.2"})
    void an_ipv4_address_mapped_into_ipv6_is_dialled_from_our_own_of_ipv4(String source, String seen) throws Exception {
        Transport transport = Transport.best();
        EventLoop loop = loop(transport);
        Sockets sockets = new Sockets(transport, IpAddress.parse(source), Duration.ofSeconds(WAIT_SECONDS));
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName(HERE))) {
            SocketAddress mapped = new SocketAddress(IpAddress.parse("::ffff:7f00:1"), server.getLocalPort());
            loop.submit(() -> sockets.dial(loop, awake::get, mapped, outcome)).get();
            assertThat(outcome.connected.get(WAIT_SECONDS, TimeUnit.SECONDS).getAddress())
                    .isEqualTo(InetAddress.getByName(seen));
        }
    }

    /** Most tunnels are over before a keep-alive would matter; a connection to a gateway is there to stay. */
    @Test
    void a_connection_of_one_tunnel_is_looked_after_once_it_lasts_and_one_to_a_gateway_at_once() throws Exception {
        assumeThat(Transport.best()).isEqualTo(Transport.EPOLL);
        MockTicker time = Ticker.newMockTicker();
        ManualIoEventLoop loop = new ManualIoEventLoop(null, Thread.currentThread(), EpollIoHandler.newFactory(), time);
        Sockets sockets = new Sockets(Transport.EPOLL, IpAddress.parse(HERE), PATIENCE);
        try (ServerSocket server = new ServerSocket(0, 2, InetAddress.getByName(HERE))) {
            SocketAddress there = new SocketAddress(IpAddress.parse(HERE), server.getLocalPort());
            Channel tunnel = sockets.toBackend(loop, awake::get, there).channel();
            Channel gateway =
                    sockets.toGateway(loop, awake::get, there, _ -> {}).channel();
            assertThat(options(tunnel).isYoung()).isTrue();
            assertThat(options(gateway)).isEqualTo(TunnelOptions.lasting(Transport.EPOLL));
            time.advance(5, TimeUnit.SECONDS);
            loop.runNow();
            assertThat(options(tunnel)).isEqualTo(TunnelOptions.lasting(Transport.EPOLL));
            tunnel.close();
            gateway.close();
        } finally {
            loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            loop.runNow();
        }
    }

    private static TunnelOptions options(Channel channel) {
        return TunnelOptions.of((io.netty.channel.socket.SocketChannel) channel);
    }

    /** It costs a system call less, and the kernel no mapped addresses. */
    @Test
    void a_socket_that_dials_ipv4_is_one_of_ipv4() throws Exception {
        assumeThat(Transport.best()).isEqualTo(Transport.EPOLL);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName(HERE))) {
            EventLoop loop = loop(Transport.EPOLL);
            Sockets sockets = new Sockets(Transport.EPOLL, IpAddress.parse(HERE), Duration.ofSeconds(WAIT_SECONDS));
            SocketAddress there = new SocketAddress(IpAddress.parse(HERE), server.getLocalPort());
            Channel channel = loop.submit(() -> sockets.toBackend(loop, awake::get, there))
                    .get()
                    .sync()
                    .channel();
            String local = "0100007F:%04X".formatted(((InetSocketAddress) channel.localAddress()).getPort());
            assertThat(Files.readAllLines(Path.of("/proc/self/net/tcp")))
                    .anyMatch(line -> line.contains(": " + local + " "));
            channel.close().sync();
        }
    }
}
