package io.beringia.scenarios.bench;

import io.beringia.gateway.http2.HboneConnection;
import io.beringia.gateway.http2.HboneStream;
import io.beringia.gateway.relay.RelayEnd;
import io.beringia.gateway.relay.Reset;
import io.beringia.gateway.relay.SocketEnd;
import io.beringia.gateway.relay.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Opens tunnels through any proxy. Everything it opens lives on its one event loop; any thread may ask. */
final class Client implements AutoCloseable {
    /** As long as a ztunnel's own. */
    private static final String BAGGAGE =
            "k8s.cluster.name=east-1,k8s.namespace.name=demo,k8s.deployment.name=web,service.name=web,service.version=v1";

    private final EventLoopGroup group = Transport.best().loops(1, "client/");
    private final EventLoop loop = group.next();
    private final SslContext tls;

    Client(SslContext tls) {
        this.tls = tls;
    }

    EventLoop loop() {
        return loop;
    }

    /** Where tunnels are opened: one shared connection, or a new one for each. Lives on the client's loop. */
    interface Line extends AutoCloseable {
        void open(Consumer<RelayEnd> onOpen, Consumer<Throwable> onFailed);

        @Override
        void close();
    }

    /** Completed on the loop. */
    CompletableFuture<Line> line(Door door) {
        CompletableFuture<Line> ready = new CompletableFuture<>();
        switch (door) {
            case Door.Hbone hbone ->
                connect(
                        door,
                        channel -> ready.complete(
                                new Shared(HboneConnection.dial(channel, System::nanoTime), hbone.authority())),
                        ready::completeExceptionally);
            case Door.Tls _, Door.Plain _ -> ready.complete(new Single(door));
        }
        return ready;
    }

    /** Tunnels on as many lines, each delivering to nobody yet. Completed on the loop. */
    CompletableFuture<Tunnels> open(Door door, int lines, int tunnelsEach) {
        CompletableFuture<Tunnels> ready = new CompletableFuture<>();
        Tunnels opened = new Tunnels(loop, new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < lines; i++) {
            line(door).whenComplete((line, failed) -> {
                if (failed != null) {
                    ready.completeExceptionally(failed);
                    return;
                }
                loop.execute(() -> {
                    opened.lines().add(line);
                    for (int j = 0; j < tunnelsEach; j++) {
                        line.open(
                                end -> {
                                    opened.all().add(Tunnel.start(end, new Silence()));
                                    if (opened.all().size() == lines * tunnelsEach) {
                                        ready.complete(opened);
                                    }
                                },
                                ready::completeExceptionally);
                    }
                });
            });
        }
        return ready;
    }

    /** What was opened together, and ends together. */
    record Tunnels(EventLoop loop, List<Tunnel> all, List<Line> lines) implements AutoCloseable {
        @Override
        public void close() {
            loop.submit(() -> {
                        all.forEach(Tunnel::close);
                        lines.forEach(Line::close);
                    })
                    .awaitUninterruptibly();
        }
    }

    private static final class Silence implements Tunnel.Receiver {
        @Override
        public void onBytes(Tunnel from, ByteBuf bytes) {
            throw new IllegalStateException("bytes: before they were asked for (expected: none)");
        }
    }

    private void connect(Door door, Consumer<Channel> onReady, Consumer<Throwable> onFailed) {
        boolean shared = door.isShared();
        new Bootstrap()
                .group(loop)
                .channelFactory(() -> Transport.best().socketTo(door.at().getAddress()))
                .option(ChannelOption.ALLOW_HALF_CLOSURE, !shared)
                .option(ChannelOption.AUTO_READ, shared)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (door.isSecured()) {
                            secure(channel, onReady, onFailed);
                        }
                    }
                })
                .connect(door.at())
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        onFailed.accept(connected.cause());
                    } else if (!door.isSecured()) {
                        onReady.accept(((ChannelFuture) connected).channel());
                    }
                });
    }

    private void secure(Channel channel, Consumer<Channel> onReady, Consumer<Throwable> onFailed) {
        SslHandler handler = tls.newHandler(channel.alloc());
        Unheard unheard = new Unheard();
        channel.pipeline().addLast(handler, unheard);
        handler.handshakeFuture().addListener(shaken -> {
            if (shaken.isSuccess()) {
                channel.pipeline().remove(unheard);
                onReady.accept(channel);
            } else {
                onFailed.accept(shaken.cause());
            }
        });
    }

    /** The handshake's future has told of it. */
    private static final class Unheard extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    private record Shared(HboneConnection connection, String authority) implements Line {
        @Override
        public void open(Consumer<RelayEnd> onOpen, Consumer<Throwable> onFailed) {
            Asking asking = new Asking(onOpen, onFailed);
            connection
                    .open(
                            new DefaultHttp2Headers()
                                    .method("CONNECT")
                                    .authority(authority)
                                    .add("baggage", BAGGAGE),
                            asking)
                    .ifPresentOrElse(
                            stream -> asking.stream = Optional.of(stream),
                            () -> onFailed.accept(new IOException("stream: refused (expected: room for one more)")));
        }

        @Override
        public void close() {
            connection.close();
        }
    }

    private static final class Asking implements HboneStream.Head {
        private final Consumer<RelayEnd> onOpen;
        private final Consumer<Throwable> onFailed;
        private Optional<HboneStream> stream = Optional.empty();

        private Asking(Consumer<RelayEnd> onOpen, Consumer<Throwable> onFailed) {
            this.onOpen = onOpen;
            this.onFailed = onFailed;
        }

        @Override
        public void onHeaders(Http2Headers headers, boolean ended) {
            if ("200".equals(String.valueOf(headers.status()))) {
                stream.ifPresent(onOpen);
            } else {
                onFailed.accept(new IOException("CONNECT: " + headers.status() + " (expected: 200)"));
            }
        }

        @Override
        public void onLost(Reset why) {
            onFailed.accept(new IOException("CONNECT: " + why.word() + " (expected: 200)"));
        }
    }

    private final class Single implements Line {
        private final Door door;

        private Single(Door door) {
            this.door = door;
        }

        @Override
        public void open(Consumer<RelayEnd> onOpen, Consumer<Throwable> onFailed) {
            connect(door, channel -> onOpen.accept(SocketEnd.on((DuplexChannel) channel)), onFailed);
        }

        /** Every tunnel has ended its own. */
        @Override
        public void close() {}
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
