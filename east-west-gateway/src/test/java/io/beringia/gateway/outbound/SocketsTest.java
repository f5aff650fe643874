package io.beringia.gateway.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.relay.RelayEnd;
import io.beringia.gateway.relay.Reset;
import io.beringia.gateway.relay.Transport;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
}
