package io.beringia.gateway.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.FakeCredentials;
import io.beringia.gateway.World;
import io.beringia.gateway.limits.ByteBudget;
import io.beringia.gateway.limits.PeerAllowance;
import io.beringia.gateway.relay.RelayEnd;
import io.beringia.gateway.relay.Transport;
import io.beringia.gateway.tls.HandshakeVerdict;
import io.beringia.gateway.tls.TlsContexts;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.SpiffeId;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http2.EmptyHttp2Headers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Dials to a gateway that never answers a handshake, so that all of them wait. */
final class PeerTunnelsTest {
    private static final String HERE = "127.0.0.1";
    private static final Set<SpiffeId> GATEWAYS =
            Set.of(SpiffeId.parse("spiffe://us.example/ns/beringia-system/sa/gateway"));
    private static final int TUNNELS = PeerAllowance.OF_GATEWAY.tunnels();

    private final EventLoopGroup group = Transport.best().loops(1, "peers-");
    private final EventLoop loop = group.next();
    private final List<DialFailure> failures = new ArrayList<>();

    @AfterEach
    void ends() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void as_many_tunnels_as_a_gateway_accepts_find_room_and_one_more_is_told_that_there_is_none() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, PeerTunnels.CONNECTIONS_MAX, InetAddress.getByName(HERE))) {
            SocketAddress there = new SocketAddress(IpAddress.parse(HERE), silent.getLocalPort());
            ChannelGroup connections = new DefaultChannelGroup(loop);
            loop.submit(() -> {
                        PeerTunnels tunnels = tunnels(connections);
                        for (int i = 0; i < TUNNELS; i++) {
                            tunnels.open(GATEWAYS, there, EmptyHttp2Headers.INSTANCE, new Outcome());
                        }
                        assertThat(failures).as("while there is room").isEmpty();
                        tunnels.open(GATEWAYS, there, EmptyHttp2Headers.INSTANCE, new Outcome());
                    })
                    .get();
            assertThat(loop.submit(() -> List.copyOf(failures)).get())
                    .singleElement()
                    .isInstanceOf(DialFailure.Full.class);
            connections.close().awaitUninterruptibly();
        }
    }

    @Test
    void silence_of_one_connection_makes_another_and_silence_of_four_makes_no_more() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, PeerTunnels.CONNECTIONS_MAX, InetAddress.getByName(HERE))) {
            SocketAddress there = new SocketAddress(IpAddress.parse(HERE), silent.getLocalPort());
            ChannelGroup connections = new DefaultChannelGroup(loop);
            List<Integer> made = new ArrayList<>();
            loop.submit(() -> {
                        PeerTunnels tunnels = tunnels(connections);
                        for (int i = 0; i < 8; i++) {
                            tunnels.open(GATEWAYS, there, EmptyHttp2Headers.INSTANCE, new Outcome());
                            tunnels.open(GATEWAYS, there, EmptyHttp2Headers.INSTANCE, new Outcome())
                                    .onLate();
                            made.add(tunnels.connections());
                        }
                    })
                    .get();
            assertThat(made).containsExactly(1, 2, 3, 4, 4, 4, 4, 4);
            connections.close().awaitUninterruptibly();
        }
    }

    private PeerTunnels tunnels(ChannelGroup connections) {
        FakeCredentials credentials = new World().east.credentials();
        TlsContexts contexts = TlsContexts.of(
                credentials.svid(),
                new HandshakeVerdict(new SpiffeVerifier(), credentials::bundles, InstantSource.system()));
        return new PeerTunnels(
                loop,
                new Sockets(Transport.best(), IpAddress.parse(HERE), Duration.ofMinutes(1)),
                () -> contexts,
                connections,
                () -> Duration.ofMinutes(1),
                System::nanoTime,
                new ByteBudget(1 << 20, () -> {}),
                (_, _) -> {});
    }

    private final class Outcome implements Attempt.Outcome {
        @Override
        public void onConnected(RelayEnd end, InetSocketAddress local) {
            throw new IllegalStateException("tunnel: open (expected: none, nobody answers)");
        }

        @Override
        public void onFailed(DialFailure why) {
            failures.add(why);
        }
    }
}
