package io.beringia.gateway.outbound;

import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.overload.Descriptors;
import io.beringia.gateway.relay.Transport;
import io.beringia.gateway.time.AwakeTimer;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Opens outgoing TCP connections, from the process's own address. Immutable; used on the event loop on which the
 * connection will live, whose own awake clock is handed in.
 *
 * @param source local address of every one of its family; of the other one the kernel chooses, as we were told none
 * @param patience awake time that each of them may take to stand
 */
public record Sockets(Transport transport, IpAddress source, Duration patience) {
    /** Of a gateway, to a backend or another gateway; a lost SYN costs one second of it (RFC 6298, 2.1). */
    public static final Duration OF_GATEWAY = Duration.ofSeconds(2);
    /** A plain TCP connection. */
    public Attempt dial(EventLoop loop, LongSupplier awakeNanos, SocketAddress address, Attempt.Outcome outcome) {
        return BackendDial.begin(this, loop, awakeNanos, address, outcome);
    }

    /** A connection for one tunnel: reads only when asked, and may be closed one way. */
    ChannelFuture toBackend(EventLoop loop, LongSupplier awakeNanos, SocketAddress address) {
        return connect(loop, awakeNanos, address, channel -> {
            channel.config().setAutoRead(false);
            channel.config().setAllowHalfClosure(true);
            Transport.keepAliveIfLasting(channel);
        });
    }

    /** A connection on which {@code prepare} puts TLS and HTTP/2. */
    public ChannelFuture toGateway(
            EventLoop loop, LongSupplier awakeNanos, SocketAddress address, Consumer<Channel> prepare) {
        return connect(loop, awakeNanos, address, channel -> {
            Transport.keepAlive(channel);
            prepare.accept(channel);
        });
    }

    private ChannelFuture connect(
            EventLoop loop, LongSupplier awakeNanos, SocketAddress address, Consumer<SocketChannel> prepare) {
        assert loop.inEventLoop();
        InetSocketAddress remote = inet(address.ip(), address.port());
        ChannelFuture registered = open(loop, remote);
        if (registered.cause() != null) {
            // Netty's own future of a socket that was never made is told on a thread that is not ours.
            return new DefaultChannelPromise(registered.channel(), loop)
                    .setFailure(new NoDescriptorException(registered.cause()));
        }
        SocketChannel channel = (SocketChannel) registered.channel();
        if (Descriptors.isReserved(channel)) {
            channel.close();
            return new DefaultChannelPromise(channel, loop).setFailure(new NoDescriptorException());
        }
        try {
            Transport.sharePorts(channel);
            // Netty's own deadline would count the time in which this process was stopped.
            channel.config().setConnectTimeoutMillis(0);
            prepare.accept(channel);
        } catch (RuntimeException unprepared) {
            channel.close();
            return new DefaultChannelPromise(channel, loop).setFailure(unprepared);
        }
        ChannelPromise connected = channel.newPromise();
        connected.addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        AwakeTimer deadline = AwakeTimer.start(
                loop,
                awakeNanos,
                patience,
                () -> connected.tryFailure(new ConnectTimeoutException(
                        "TCP: no answer from " + address + " in " + patience.toMillis() + " ms")));
        connected.addListener(_ -> deadline.cancel());
        InetSocketAddress local = inet(source, 0);
        return isV6(local) == isV6(remote)
                ? channel.connect(remote, local, connected)
                : channel.connect(remote, connected);
    }

    /** Of its socket: Java makes an IPv4 address of one that is mapped into IPv6 (RFC 4291, 2.5.5.2). */
    private static boolean isV6(InetSocketAddress address) {
        return address.getAddress() instanceof Inet6Address;
    }

    /** A bootstrap would cost a twentieth of what a short connection does; it has a channel for a socket that was never made. */
    private ChannelFuture open(EventLoop loop, InetSocketAddress remote) {
        SocketChannel channel;
        try {
            channel = transport.socketTo(remote.getAddress());
        } catch (ChannelException none) {
            return new Bootstrap()
                    .group(loop)
                    .channelFactory(() -> {
                        throw none;
                    })
                    .handler(new ChannelInboundHandlerAdapter())
                    .register();
        }
        return loop.register(channel);
    }

    /** Any thread. Never asks a resolver. */
    public static InetSocketAddress inet(IpAddress ip, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(ip.bytes()), port);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("address: " + ip + " (expected: 4 or 16 bytes)", impossible);
        }
    }
}
