package io.beringia.gateway.relay;

import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import java.util.Optional;

/** What the kernel says of a socket. */
public record TunnelOptions(boolean noDelay, boolean keepAlive, Optional<Epoll> epoll) {
    record Epoll(int idleSeconds, int betweenSeconds, int probes, int unacknowledgedMillis) {}

    public static TunnelOptions of(SocketChannel socket) {
        return new TunnelOptions(
                socket.config().getOption(ChannelOption.TCP_NODELAY),
                socket.config().getOption(ChannelOption.SO_KEEPALIVE),
                Optional.of(socket).filter(EpollSocketChannel.class::isInstance).map(TunnelOptions::epoll));
    }

    private static Epoll epoll(SocketChannel socket) {
        return new Epoll(
                socket.config().getOption(EpollChannelOption.TCP_KEEPIDLE),
                socket.config().getOption(EpollChannelOption.TCP_KEEPINTVL),
                socket.config().getOption(EpollChannelOption.TCP_KEEPCNT),
                socket.config().getOption(EpollChannelOption.TCP_USER_TIMEOUT));
    }

    /** ztunnel's keep-alive, and a backstop of 10 s for a peer that stopped to acknowledge. */
    public static TunnelOptions lasting(Transport transport) {
        return new TunnelOptions(
                true,
                true,
                switch (transport) {
                    case EPOLL -> Optional.of(new Epoll(180, 180, 9, 10_000));
                    case NIO -> Optional.empty();
                });
    }

    /** Whether nobody has asked the kernel yet to look after its peer. */
    public boolean isYoung() {
        return noDelay && !keepAlive && epoll.stream().allMatch(it -> it.unacknowledgedMillis() == 0);
    }
}
