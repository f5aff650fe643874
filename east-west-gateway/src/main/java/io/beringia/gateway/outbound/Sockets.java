package io.beringia.gateway.outbound;

import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.relay.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Opens outgoing TCP connections, always from the process's own address. Immutable; any thread.
 *
 * @param source local address of every one of them
 */
public record Sockets(Transport transport, IpAddress source) {
    /** To a backend or gateway; a lost SYN costs one second of it. */
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    /** Any thread. A plain TCP connection, told of on its loop. */
    public Attempt dial(EventLoop loop, SocketAddress address, Attempt.Outcome outcome) {
        return BackendDial.begin(this, loop, address, outcome);
    }

    /** A connection for one tunnel: reads only when asked, and may be closed one way. */
    ChannelFuture toBackend(EventLoop loop, SocketAddress address) {
        return connect(loop, address, channel -> {
            channel.config().setAutoRead(false);
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        });
    }

    /** Any thread. A connection on which {@code prepare} puts TLS and HTTP/2, on its loop. */
    public ChannelFuture toGateway(EventLoop loop, SocketAddress address, Consumer<Channel> prepare) {
        return connect(loop, address, prepare);
    }

    private ChannelFuture connect(EventLoop loop, SocketAddress address, Consumer<Channel> prepare) {
        return new Bootstrap()
                .group(loop)
                .channel(transport.socket())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT_TIMEOUT.toMillis())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        Transport.tune(channel);
                        prepare.accept(channel);
                    }
                })
                .connect(inet(address.ip(), address.port()), inet(source, 0));
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
