package io.beringia.gateway.host;

import static io.beringia.gateway.host.HostLab.ECHO;
import static io.beringia.gateway.host.HostLab.echoService;
import static io.beringia.gateway.host.HostLab.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.Workload;
import io.beringia.gateway.limits.FrameRates;
import io.beringia.gateway.limits.LimitsConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Strangers at the door of a host, who connect and say nothing, and applications that ask for much. */
@Timeout(60)
final class HostLimitsTest {
    /** Of all; one address has half of them. */
    private static final int HANDSHAKES = 8;

    private final HostLab lab = new HostLab();
    private final Workload client = lab.workload("shop", "client", 1).build();
    private final Workload server = lab.echo("echo", 2).build();
    private final List<Socket> strangers = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (Socket stranger : strangers) {
            stranger.close();
        }
        lab.close();
    }

    private void strangersCome(int count) throws IOException {
        InetAddress from = InetAddress.getByName(lab.ip(9));
        for (int i = 0; i < count; i++) {
            strangers.add(new Socket(lab.ip(2), 15_008, from, 0));
        }
    }

    @Test
    void no_more_connections_are_carried_than_may_be() throws Exception {
        lab.publish(List.of(client, server), List.of(echoService(id("demo", "echo"))), List.of());
        lab.start(
                lab.calling(client).with(new HostLimits(1, HANDSHAKES, FrameRates.DEFAULT)),
                lab.credentials(client.identity()),
                lab.catalog());
        lab.server(server, server.identity());
        try (Application _ = new Application(lab.ip(2), 8080, Application::echo);
                SocksClient first = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
            assertThat(first.reply()).isZero();
            try (Socket second = new Socket(lab.ip(1), HostLab.SOCKS_PORT)) {
                assertThat(answer(second)).as("closed").isEqualTo(-1);
            }
            assertThat(first.say("here")).isEqualTo("here");
        }
    }

    /** The first byte that is said to a greeting of SOCKS5, or -1. */
    private static int answer(Socket socket) throws IOException {
        try {
            socket.getOutputStream().write(new byte[] {5, 1, 0});
            return socket.getInputStream().read();
        } catch (SocketException reset) {
            return -1;
        }
    }

    @Test
    void what_callers_may_cost_follows_from_the_limits_of_the_host() {
        FrameRates frames = new FrameRates(1, 10, 1, 2, 100);
        LimitsConfig inbound = new HostLimits(7, HANDSHAKES, frames).inbound();
        assertThat(inbound.frames()).isEqualTo(frames);
        assertThat(inbound.client().connections()).isEqualTo(7);
        assertThat(inbound.connections()).isEqualTo(14);
    }

    private double closedUnread() {
        return lab.count("host.connections", "outcome", "too-many-handshakes");
    }

    @Test
    void too_many_of_one_address_are_closed_unread_and_others_are_served() throws Exception {
        lab.publish(List.of(client, server), List.of(echoService(id("demo", "echo"))), List.of());
        lab.client(client);
        HostConfig few = lab.called(server).with(new HostLimits(100, HANDSHAKES, FrameRates.DEFAULT));
        lab.start(few, lab.credentials(server.identity()), lab.catalog());
        strangersCome(HANDSHAKES / 2 + 1);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(closedUnread()).isPositive());
        try (Application _ = new Application(lab.ip(2), 8080, Application::echo);
                SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
            assertThat(socks.reply()).isZero();
            assertThat(socks.say("here")).isEqualTo("here");
        }
    }
}
