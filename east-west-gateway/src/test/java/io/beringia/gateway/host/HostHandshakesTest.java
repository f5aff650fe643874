package io.beringia.gateway.host;

import static io.beringia.gateway.host.HostLab.ECHO;
import static io.beringia.gateway.host.HostLab.echoService;
import static io.beringia.gateway.host.HostLab.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.Workload;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Strangers at the door of a host, who connect and say nothing. */
@Timeout(60)
final class HostHandshakesTest {
    private static final int OF_ONE = HostInbound.HANDSHAKES_MAX / 2;

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

    private double closedUnread() {
        return lab.count("host.connections", "outcome", "too-many-handshakes");
    }

    @Test
    void too_many_of_one_address_are_closed_unread_and_others_are_served() throws Exception {
        lab.publish(List.of(client, server), List.of(echoService(id("demo", "echo"))), List.of());
        lab.client(client);
        lab.server(server, server.identity());
        strangersCome(OF_ONE + 20);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(closedUnread()).isPositive());
        try (Application _ = new Application(lab.ip(2), 8080, Application::echo);
                SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
            assertThat(socks.reply()).isZero();
            assertThat(socks.say("here")).isEqualTo("here");
        }
    }
}
