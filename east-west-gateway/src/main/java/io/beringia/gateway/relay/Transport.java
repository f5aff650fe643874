package io.beringia.gateway.relay;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.Future;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** How this process moves bytes: the event loops and the sockets that fit them. Any thread. */
public enum Transport {
    EPOLL,
    /** Where epoll is missing; without TCP_USER_TIMEOUT and with the system's keep-alive times. */
    NIO;

    /** After which a connection is no short one: well before a keep-alive, or what is not acknowledged, would matter. */
    static final Duration LASTING = Duration.ofSeconds(5);

    public static Transport best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    /** Event loops whose threads are named {@code prefix + "tunnel-N"}. */
    public MultiThreadIoEventLoopGroup loops(int count, String prefix) {
        AtomicInteger next = new AtomicInteger();
        ThreadFactory threads = task -> new FastThreadLocalThread(task, prefix + "tunnel-" + next.getAndIncrement());
        return new MultiThreadIoEventLoopGroup(count, threads, handlers());
    }

    private IoHandlerFactory handlers() {
        return switch (this) {
            case EPOLL -> LastingEpoll.factory();
            case NIO -> NioIoHandler.newFactory();
        };
    }

    /** A listener whose sockets keep alive; what is done with them is still to be said. */
    public ServerBootstrap listener(EventLoopGroup group) {
        ServerBootstrap listener = new ServerBootstrap()
                .group(group)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT);
        switch (this) {
            case EPOLL -> KeepAliveOption.onAccepted(listener.channel(EpollServerSocketChannel.class));
            case NIO -> listener.channel(NioServerSocketChannel.class).childOption(ChannelOption.SO_KEEPALIVE, true);
        }
        return listener;
    }

    /**
     * A socket that can dial that address, with TCP_NODELAY, which Netty sets by itself. One of IPv4 alone is made with a
     * system call less than one of both families. Throws {@link io.netty.channel.ChannelException} where the process may
     * open none.
     */
    public SocketChannel socketTo(InetAddress address) {
        SocketChannel socket = switch (this) {
            case EPOLL ->
                address instanceof Inet4Address
                        ? new EpollSocketChannel(SocketProtocolFamily.INET)
                        : new EpollSocketChannel();
            case NIO -> new NioSocketChannel();
        };
        socket.config().setAllocator(PooledByteBufAllocator.DEFAULT);
        return socket;
    }

    /** Has the kernel look after a silent peer. On the channel's event loop. */
    public static void keepAlive(SocketChannel channel) {
        if (channel instanceof EpollSocketChannel) {
            KeepAliveOption.on(channel);
        } else {
            channel.config().setKeepAlive(true);
        }
    }

    /**
     * The same, once the connection has lasted for {@link #LASTING}: many are over before, and it would be a sixth of all that
     * they ask of the kernel. On the channel's event loop.
     */
    public static void keepAliveIfLasting(SocketChannel channel) {
        Future<?> due =
                channel.eventLoop().schedule(() -> keepAlive(channel), LASTING.toMillis(), TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(_ -> due.cancel(false));
    }

    /**
     * Lets the kernel choose the local port when it knows the other end: one port then serves many addresses, where
     * otherwise all connections of a process from one address would share 28,000. Before it is bound.
     */
    public static void sharePorts(Channel channel) {
        if (channel instanceof EpollSocketChannel epoll) {
            epoll.config().setOption(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
        }
    }

    /** As it stands in logs and status. */
    public String word() {
        return switch (this) {
            case EPOLL -> "epoll";
            case NIO -> "nio";
        };
    }
}
