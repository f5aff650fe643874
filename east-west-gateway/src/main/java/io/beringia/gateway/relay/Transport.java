package io.beringia.gateway.relay;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** How this process moves bytes: the event loops and the sockets that fit them. Any thread. */
public enum Transport {
    EPOLL,
    /** Where epoll is missing; without TCP_USER_TIMEOUT and with the system's keep-alive times. */
    NIO;

    /** ztunnel's keep-alive. */
    private static final int KEEP_ALIVE_SECONDS = 180;

    private static final int KEEP_ALIVE_PROBES = 9;
    /** A backstop for a peer that stopped to acknowledge. */
    private static final Duration USER_TIMEOUT = Duration.ofSeconds(10);

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

    public Class<? extends ServerSocketChannel> serverSocket() {
        return switch (this) {
            case EPOLL -> EpollServerSocketChannel.class;
            case NIO -> NioServerSocketChannel.class;
        };
    }

    /** Makes sockets that dial; a class instead would be looked into for each of them. */
    public ChannelFactory<SocketChannel> socket() {
        return switch (this) {
            case EPOLL -> EpollSocketChannel::new;
            case NIO -> NioSocketChannel::new;
        };
    }

    /** Sets what every tunnel socket has in common. On the channel's event loop, before it is used. */
    public static void tune(Channel channel) {
        channel.config().setAllocator(PooledByteBufAllocator.DEFAULT);
        channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
        if (channel instanceof EpollSocketChannel epoll) {
            epoll.config().setOption(EpollChannelOption.TCP_KEEPIDLE, KEEP_ALIVE_SECONDS);
            epoll.config().setOption(EpollChannelOption.TCP_KEEPINTVL, KEEP_ALIVE_SECONDS);
            epoll.config().setOption(EpollChannelOption.TCP_KEEPCNT, KEEP_ALIVE_PROBES);
            epoll.config().setOption(EpollChannelOption.TCP_USER_TIMEOUT, (int) USER_TIMEOUT.toMillis());
        }
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
