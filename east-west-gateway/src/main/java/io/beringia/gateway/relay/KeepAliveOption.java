package io.beringia.gateway.relay;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.util.List;

/**
 * What a kernel does about a peer that has fallen silent: ztunnel's keep-alive, and an end to what it no longer
 * acknowledges. A socket that a listener accepts has them from that listener, without a system call of its own.
 */
record KeepAliveOption(IntegerUnixChannelOption name, int value) {
    // Linux, <asm-generic/socket.h> and <linux/tcp.h>: Netty names them for sockets that dial, not for those that
    // listen.
    private static final int SOL_SOCKET = 1;
    private static final int IPPROTO_TCP = 6;

    private static final List<KeepAliveOption> ALL = List.of(
            option("SO_KEEPALIVE", SOL_SOCKET, 9, 1),
            option("TCP_KEEPIDLE", IPPROTO_TCP, 4, 180), // seconds
            option("TCP_KEEPINTVL", IPPROTO_TCP, 5, 180), // seconds
            option("TCP_KEEPCNT", IPPROTO_TCP, 6, 9),
            // A backstop for a peer that stopped to acknowledge.
            option("TCP_USER_TIMEOUT", IPPROTO_TCP, 18, 10_000)); // milliseconds

    private static KeepAliveOption option(String name, int level, int number, int value) {
        return new KeepAliveOption(new IntegerUnixChannelOption("beringia " + name, level, number), value);
    }

    /** Five system calls. */
    static void on(Channel epoll) {
        ALL.forEach(one -> epoll.config().setOption(one.name(), one.value()));
    }

    /** Of whatever it accepts. */
    static void onAccepted(ServerBootstrap epoll) {
        ALL.forEach(one -> epoll.option(one.name(), one.value()));
    }
}
