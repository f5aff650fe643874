package io.beringia.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import org.junit.jupiter.api.Test;

final class TransportTest {
    /** ztunnel's keep-alive, and a backstop of 10 s for a peer that stopped to acknowledge. */
    @Test
    void a_tunnel_socket_has_its_keep_alive_and_user_timeout() {
        assumeThat(Transport.best()).isEqualTo(Transport.EPOLL);
        EpollSocketChannel socket = new EpollSocketChannel();
        try {
            Transport.tune(socket);
            assertThat(socket.config().getOption(ChannelOption.TCP_NODELAY)).isTrue();
            assertThat(socket.config().getOption(ChannelOption.SO_KEEPALIVE)).isTrue();
            assertThat(socket.config().getOption(EpollChannelOption.TCP_KEEPIDLE))
                    .isEqualTo(180);
            assertThat(socket.config().getOption(EpollChannelOption.TCP_KEEPINTVL))
                    .isEqualTo(180);
            assertThat(socket.config().getOption(EpollChannelOption.TCP_KEEPCNT))
                    .isEqualTo(9);
            assertThat(socket.config().getOption(EpollChannelOption.TCP_USER_TIMEOUT))
                    .isEqualTo(10_000);
        } finally {
            socket.unsafe().closeForcibly();
        }
    }
}
