package io.beringia.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class LastingEpollTest {
    /** Other threads of this process open files too, and may take the descriptor first. */
    private static final int TRIES = 20;

    private static final int TURNS = 5;
    private static final int PATIENCE_SECONDS = 10;
    private static final int MORE_THAN_THE_KERNEL_TAKES = 32 * 1024 * 1024;

    private final MultiThreadIoEventLoopGroup loops = Transport.EPOLL.loops(1, "lasting/");
    private ServerSocket server = new ServerSocket();

    LastingEpollTest() throws IOException {}

    @BeforeEach
    void starts() throws IOException {
        assumeThat(Transport.best()).isEqualTo(Transport.EPOLL);
        server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void ends() throws IOException {
        server.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void a_socket_hears_nothing_of_the_one_that_had_its_descriptor_before() throws Exception {
        boolean reused = false;
        for (int i = 0; i < TRIES && !reused; i++) {
            reused = opensInPlaceOfAClosedOne();
        }
        assertThat(reused).as("a descriptor was used again").isTrue();
    }

    /** Netty's own epoll has let go of such a socket, and its first write that has to wait fails. */
    @Test
    void a_socket_whose_peer_has_said_all_writes_on_when_it_had_to_wait() throws Exception {
        CountDownLatch saidAll = new CountDownLatch(1);
        EpollSocketChannel writing = connect(new ChannelInboundHandlerAdapter() {
            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                if (event == ChannelInputShutdownReadComplete.INSTANCE) {
                    saidAll.countDown();
                }
            }
        });
        try (Socket peer = server.accept()) {
            peer.shutdownOutput();
            assertThat(saidAll.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            ChannelFuture written = writing.writeAndFlush(Unpooled.wrappedBuffer(new byte[MORE_THAN_THE_KERNEL_TAKES]));
            loops.submit(() -> {}).sync();
            assertThat(written.isDone()).as("nobody reads yet").isFalse();
            written.addListener(ChannelFutureListener.CLOSE);
            assertThat(peer.getInputStream().readAllBytes()).hasSize(MORE_THAN_THE_KERNEL_TAKES);
        }
    }

    /** One socket ends while another, of the same turn, has it closed and opens a new one. Whether that got its descriptor. */
    private boolean opensInPlaceOfAClosedOne() throws Exception {
        CompletableFuture<String> heard = new CompletableFuture<>();
        CompletableFuture<Integer> descriptor = new CompletableFuture<>();
        EpollSocketChannel old = connect(new ChannelInboundHandlerAdapter());
        try (Socket ending = server.accept();
                Opener opener = new Opener(old, heard, descriptor)) {
            int before = old.fd().intValue();
            EpollSocketChannel first = connect(opener);
            try (Socket telling = server.accept()) {
                CountDownLatch told = holdLoop();
                telling.getOutputStream().write('!');
                ending.close();
                told.countDown();
                try (Socket peer = server.accept()) {
                    opener.awaitReading();
                    peer.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
                    assertThat(heard.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("hello");
                }
            } finally {
                first.close().sync();
            }
            return descriptor.get(PATIENCE_SECONDS, TimeUnit.SECONDS) == before;
        }
    }

    /** Until that latch is open the loop looks at nothing, and then at all that has happened meanwhile. */
    private CountDownLatch holdLoop() throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        loops.execute(() -> {
            held.countDown();
            try {
                told.await();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        });
        held.await();
        return told;
    }

    private EpollSocketChannel connect(ChannelInboundHandlerAdapter handler) throws InterruptedException {
        return (EpollSocketChannel) bootstrap(handler)
                .connect(server.getLocalSocketAddress())
                .sync()
                .channel();
    }

    private Bootstrap bootstrap(ChannelInboundHandlerAdapter handler) {
        return new Bootstrap()
                .group(loops)
                .channelFactory(() -> Transport.EPOLL.socketTo(InetAddress.getLoopbackAddress()))
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .handler(handler);
    }

    /** When it reads something it closes the old one and connects a new one, as a relay does. */
    private final class Opener extends ChannelInboundHandlerAdapter implements AutoCloseable {
        private final EpollSocketChannel old;
        private final CompletableFuture<String> heard;
        private final CompletableFuture<Integer> descriptor;
        private final CompletableFuture<Channel> opened = new CompletableFuture<>();
        private final CompletableFuture<Channel> connected = new CompletableFuture<>();

        private Opener(EpollSocketChannel old, CompletableFuture<String> heard, CompletableFuture<Integer> descriptor) {
            this.old = old;
            this.heard = heard;
            this.descriptor = descriptor;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ((ByteBuf) message).release();
            old.close();
            EpollSocketChannel next = (EpollSocketChannel) bootstrap(new Listener(heard))
                    .option(ChannelOption.AUTO_READ, false)
                    .register()
                    .channel();
            descriptor.complete(next.fd().intValue());
            opened.complete(next);
            next.connect(server.getLocalSocketAddress()).addListener(_ -> {
                next.config().setAutoRead(true);
                connected.complete(next);
            });
        }

        /** Until its loop has looked at the new one, which reads by then, a few times. */
        private void awaitReading() throws Exception {
            connected.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            for (int turn = 0; turn < TURNS; turn++) {
                loops.submit(() -> {}).sync();
            }
        }

        @Override
        public void close() {
            opened.join().close().syncUninterruptibly();
        }
    }

    private static final class Listener extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<String> heard;

        private Listener(CompletableFuture<String> heard) {
            this.heard = heard;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            heard.complete(bytes.toString(StandardCharsets.UTF_8));
            bytes.release();
        }
    }
}
