package io.beringia.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What epoll is told of one real socket, on an event loop that the test turns. */
@Timeout(30)
final class EpollChangesTest {
    private static final int TURNS_MAX = 50;

    private final List<IoOps> told = new ArrayList<>();
    private final ManualIoEventLoop loop = new ManualIoEventLoop(
            Thread.currentThread(),
            executor -> new LastingEpoll(new Told(EpollIoHandler.newFactory().newHandler(executor))));

    @Test
    void epoll_is_told_twice_of_a_short_connection_to_write_and_to_read() throws Exception {
        assumeThat(Transport.best()).isEqualTo(Transport.EPOLL);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            SocketChannel channel = dialling();
            channel.connect(server.getLocalSocketAddress())
                    .addListener(_ -> channel.config().setAutoRead(true));
            turnUntil(channel::isActive);
            try (Socket peer = server.accept()) {
                peer.getOutputStream().write('!');
            }
            turnUntil(() -> !channel.isOpen());
        }
        assertThat(told)
                .containsExactly(
                        EpollIoOps.EPOLLRDHUP.with(EpollIoOps.EPOLLOUT),
                        EpollIoOps.EPOLLRDHUP.with(EpollIoOps.EPOLLIN));
        end();
    }

    /** What a peer has said all of is not asked for again: that is one event, and one change, less for each tunnel. */
    @Test
    void epoll_is_told_once_that_a_peer_has_said_all() throws Exception {
        assumeThat(Transport.best()).isEqualTo(Transport.EPOLL);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            SocketChannel channel = Transport.EPOLL.socketTo(InetAddress.getLoopbackAddress());
            channel.config().setAutoRead(false);
            channel.config().setAllowHalfClosure(true);
            SocketEnd end = SocketEnd.on(channel);
            register(channel);
            Ended ended = new Ended();
            channel.connect(server.getLocalSocketAddress()).addListener(_ -> end.start(ended));
            turnUntil(channel::isActive);
            loop.runNow();
            told.clear();
            try (Socket peer = server.accept()) {
                peer.shutdownOutput();
                turnUntil(() -> ended.finished);
                loop.runNow();
                loop.runNow();
                assertThat(told).containsExactly(EpollIoOps.EPOLLET);
                channel.close();
            }
        }
        end();
    }

    @Test
    void what_changes_back_before_anybody_looks_is_not_told() throws Exception {
        assumeThat(Transport.best()).isEqualTo(Transport.EPOLL);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            SocketChannel channel = dialling();
            channel.connect(server.getLocalSocketAddress());
            turnUntil(channel::isActive);
            loop.runNow();
            told.clear();
            channel.config().setAutoRead(true);
            channel.config().setAutoRead(false);
            loop.runNow();
            assertThat(told).isEmpty();
            channel.close();
        }
        end();
    }

    @Test
    void a_socket_that_is_closed_before_anybody_looks_is_not_told() {
        assumeThat(Transport.best()).isEqualTo(Transport.EPOLL);
        SocketChannel channel = dialling();
        channel.close();
        loop.runNow();
        assertThat(told).isEmpty();
        end();
    }

    private SocketChannel dialling() {
        SocketChannel channel = Transport.EPOLL.socketTo(InetAddress.getLoopbackAddress());
        channel.config().setAutoRead(false);
        channel.config().setAllowHalfClosure(true);
        channel.pipeline().addLast(new ClosesAtTheEnd());
        register(channel);
        return channel;
    }

    private void register(SocketChannel channel) {
        EventLoop its = loop;
        its.register(channel);
    }

    private void turnUntil(BooleanSupplier reached) {
        for (int i = 0; i < TURNS_MAX && !reached.getAsBoolean(); i++) {
            loop.run(TimeUnit.SECONDS.toNanos(1));
        }
        assertThat(reached.getAsBoolean()).as("after " + TURNS_MAX + " turns").isTrue();
    }

    private void end() {
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        for (int i = 0; i < TURNS_MAX && !loop.isTerminated(); i++) {
            loop.runNow();
        }
        assertThat(loop.isTerminated()).isTrue();
    }

    private static final class ClosesAtTheEnd extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                ctx.close();
            }
        }
    }

    private static final class Ended implements RelayEnd.Events {
        private boolean finished;

        @Override
        public void onBytes(ByteBuf bytes) {
            bytes.release();
        }

        @Override
        public void onReadComplete() {}

        @Override
        public void onFinished() {
            finished = true;
        }

        @Override
        public void onReset(Reset why) {}
    }

    /** Writes down what epoll is told. */
    private final class Told implements IoHandler {
        private final IoHandler epoll;

        private Told(IoHandler epoll) {
            this.epoll = epoll;
        }

        @Override
        public IoRegistration register(IoHandle handle) throws Exception {
            IoRegistration registration = epoll.register(handle);
            return new IoRegistration() {
                @Override
                public long submit(IoOps ops) {
                    told.add(ops);
                    return registration.submit(ops);
                }

                @Override
                @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature
                public <T> T attachment() {
                    return registration.attachment();
                }

                @Override
                public boolean isValid() {
                    return registration.isValid();
                }

                @Override
                public boolean cancel() {
                    return registration.cancel();
                }
            };
        }

        @Override
        public void initialize() {
            epoll.initialize();
        }

        @Override
        public int run(IoHandlerContext context) {
            return epoll.run(context);
        }

        @Override
        public void prepareToDestroy() {
            epoll.prepareToDestroy();
        }

        @Override
        public void destroy() {
            epoll.destroy();
        }

        @Override
        public void wakeup() {
            epoll.wakeup();
        }

        @Override
        public boolean isCompatible(Class<? extends IoHandle> handleType) {
            return epoll.isCompatible(handleType);
        }
    }
}
