package io.beringia.gateway.host;

import static io.beringia.gateway.host.HostLab.ECHO;
import static io.beringia.gateway.host.HostLab.echoService;
import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Workload;
import io.beringia.gateway.FarGateway;
import io.beringia.gateway.host.TwoNetworks.Mode;
import io.beringia.gateway.relay.Reset;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each step of a dial has a deadline of its own. */
@Timeout(60)
final class HostDeadlineTest {
    private static final Duration SHORT = Duration.ofMillis(50);
    /** Of a peer that lives, on a busy machine too. */
    private static final Duration FOR_A_HANDSHAKE = Duration.ofMillis(500);

    /** A gateway has to dial before it answers. */
    private static final Duration AFTER_A_GATEWAY = Duration.ofSeconds(2);

    private static final Duration LONG = Duration.ofHours(1);

    private final HostLab lab = new HostLab();
    private final Workload client = lab.workload("shop", "client", 1).build();
    private final Workload server = lab.echo("echo", 2).build();

    @AfterEach
    void close() {
        lab.close();
    }

    private void start(Patience patience, Workload... endpoints) {
        List<Workload> all =
                Stream.concat(Stream.of(client), Stream.of(endpoints)).toList();
        lab.publish(all, List.of(echoService(server.identity())), List.of());
        lab.start(lab.calling(client).with(patience), lab.credentials(client.identity()), lab.catalog());
    }

    @Test
    void a_peer_that_does_not_answer_a_connect_is_given_up() throws Exception {
        start(new Patience(LONG, SHORT, LONG), server);
        try (FarGateway peer = lab.peer(server, _ -> {});
                SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
            assertThat(socks.reply()).as("too late").isEqualTo(6);
            assertThat(peer.nextReset()).isEqualTo(Reset.CANCEL.code());
        }
    }

    @Test
    void a_peer_that_never_shakes_hands_is_given_up() throws Exception {
        start(new Patience(LONG, LONG, LONG), server);
        try (ServerSocket silent = new ServerSocket(15_008, 16, InetAddress.getByName(lab.ip(2)));
                SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
            assertThat(socks.reply()).as("too late").isEqualTo(6);
            assertThat(silent.isBound()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_server_behind_a_gateway_that_does_not_answer_is_given_up(Mode mode) throws Exception {
        try (TwoNetworks networks = new TwoNetworks();
                FarGateway silent = new FarGateway(
                        SocketAddress.parse(networks.lab().ip(2) + ":15008"),
                        networks.cast(mode).server().svid(),
                        _ -> {})) {
            networks.startClient(networks.cast(mode), new Patience(LONG, AFTER_A_GATEWAY, LONG));
            networks.startGateways(networks.cast(mode));
            try (SocksClient socks = SocksClient.connect(networks.lab().ip(1), ECHO.hostname(), 80)) {
                assertThat(socks.reply()).as("too late").isEqualTo(6);
            }
            assertThat(networks.lab().attemptsFailed("inner")).isEqualTo(1);
            assertThat(silent).as("nobody else answers there").isNotNull();
        }
    }

    @Test
    void a_peer_that_says_nothing_is_left_sooner_while_there_is_another() throws Exception {
        Workload silentOne = lab.echo("silent", 3).build();
        start(new Patience(LONG, LONG, FOR_A_HANDSHAKE), server, silentOne);
        try (ServerSocket silent = new ServerSocket(15_008, 16, InetAddress.getByName(lab.ip(3)));
                FarGateway peer = lab.peer(server, FarGateway::accept)) {
            for (int i = 0; i < 6; i++) {
                try (SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
                    assertThat(socks.reply()).as("connection %d", i).isZero();
                }
            }
            assertThat(silent.isBound()).isTrue();
            assertThat(peer).isNotNull();
        }
    }
}
