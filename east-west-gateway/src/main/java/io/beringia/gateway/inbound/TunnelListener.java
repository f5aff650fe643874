package io.beringia.gateway.inbound;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.outbound.Sockets;
import io.beringia.gateway.relay.Transport;
import io.beringia.gateway.routing.ListenerRole;
import io.beringia.gateway.tls.TlsContexts;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import java.util.function.Function;
import java.util.function.Supplier;

/** One listening socket, and with it one role. Any thread. */
public final class TunnelListener implements AutoCloseable {
    /** Connections that the kernel holds for us while all loops are busy. */
    private static final int BACKLOG = 1_024;

    private final Channel channel;

    private TunnelListener(Channel channel) {
        this.channel = channel;
    }

    /** Blocks until the socket is bound; throws {@link IllegalStateException} if it cannot be. */
    public static TunnelListener bind(
            ListenerRole role,
            SocketAddress address,
            Transport transport,
            EventLoopGroup group,
            Supplier<TlsContexts> contexts,
            Function<EventLoop, TunnelLoop> loops,
            ChannelGroup connections) {
        ChannelFuture bound = transport
                .listener(group)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childHandler(new TunnelPipeline(role, contexts, loops, connections))
                .bind(Sockets.inet(address.ip(), address.port()))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IllegalStateException(
                    "listener " + role + ": cannot bind " + address + " (expected: an address of ours that is free)",
                    bound.cause());
        }
        return new TunnelListener(bound.channel());
    }

    /** Leaves new connections to the kernel. */
    public void pause() {
        channel.config().setAutoRead(false);
    }

    public void resume() {
        channel.config().setAutoRead(true);
    }

    /** Accepts no more; connections that are open stay. */
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
    }
}
