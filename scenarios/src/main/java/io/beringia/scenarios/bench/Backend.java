package io.beringia.scenarios.bench;

import io.beringia.gateway.relay.SocketEnd;
import io.beringia.gateway.relay.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What stands behind every proxy: obeys the {@link Order} of each connection. One event loop; any thread. */
final class Backend implements AutoCloseable {
    private static final int BACKLOG = 4_096;

    private final List<Channel> listeners = new ArrayList<>();
    private final EventLoopGroup group = Transport.best().loops(1, "backend/");

    /** Throws {@link IOException} where an address is taken. */
    static Backend listen(List<InetSocketAddress> addresses) throws IOException {
        Backend backend = new Backend();
        for (InetSocketAddress address : addresses) {
            ChannelFuture bound = backend.bootstrap().bind(address).awaitUninterruptibly();
            backend.listeners.add(bound.channel());
            if (!bound.isSuccess()) {
                backend.close();
                throw new IOException("backend: cannot bind " + address + " (expected: free; does a mesh run here?)");
            }
        }
        return backend;
    }

    private ServerBootstrap bootstrap() {
        return Transport.best()
                .listener(group)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        SocketEnd end = SocketEnd.on((DuplexChannel) channel);
                        channel.eventLoop().execute(() -> Tunnel.start(end, new Obedient()));
                    }
                });
    }

    @Override
    public void close() {
        listeners.forEach(listener -> listener.close().awaitUninterruptibly());
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** Waits for the order, then becomes what it asks for. */
    private static final class Obedient implements Tunnel.Receiver {
        private final ByteBuf head = Unpooled.buffer(Order.BYTES);

        @Override
        public void onBytes(Tunnel from, ByteBuf bytes) {
            bytes.readBytes(head, Math.min(head.writableBytes(), bytes.readableBytes()));
            if (!head.isWritable()) {
                obey(from, Order.read(head), bytes);
            }
        }

        private static void obey(Tunnel tunnel, Order order, ByteBuf rest) {
            switch (order.kind()) {
                case TAKE -> become(tunnel, new Taking(order.amount()), rest);
                case GIVE -> {
                    become(tunnel, new Finishing(), rest);
                    Flood.begin(tunnel, order.amount());
                }
                case ECHO -> become(tunnel, new Echo(), rest);
                case END -> {
                    become(tunnel, new Finishing(), rest);
                    Flood.begin(tunnel, order.amount());
                    tunnel.finish();
                }
            }
        }

        private static void become(Tunnel tunnel, Tunnel.Receiver next, ByteBuf rest) {
            tunnel.receive(next);
            if (rest.isReadable()) {
                next.onBytes(tunnel, rest);
                next.onReadComplete(tunnel);
            }
        }

        @Override
        public void onFinished(Tunnel from) {
            from.finish();
        }
    }

    private static class Finishing implements Tunnel.Receiver {
        @Override
        public void onBytes(Tunnel from, ByteBuf bytes) {
            bytes.skipBytes(bytes.readableBytes());
        }

        @Override
        public void onFinished(Tunnel from) {
            from.finish();
        }
    }

    private static final class Taking extends Finishing {
        private final long expected;
        private long taken;

        private Taking(long expected) {
            this.expected = expected;
        }

        @Override
        public void onBytes(Tunnel from, ByteBuf bytes) {
            taken += bytes.readableBytes();
            if (taken >= expected) {
                from.write(Unpooled.buffer(Long.BYTES).writeLong(taken));
                from.flush();
            }
        }
    }

    private static final class Echo extends Finishing {
        @Override
        public void onBytes(Tunnel from, ByteBuf bytes) {
            from.write(bytes.retainedSlice());
        }

        @Override
        public void onReadComplete(Tunnel from) {
            from.flush();
        }
    }
}
