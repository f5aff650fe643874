package io.beringia.gateway.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.Workload;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Destinations that speak no HBONE: reached in plain TCP where configuration allows it, and else not at all. */
@Timeout(60)
final class HostPlainTest {
    private static final int NOT_ALLOWED = 2;

    private final HostLab lab = new HostLab();
    private final Workload client = lab.workload("shop", "client", 1).build();

    @AfterEach
    void close() {
        lab.close();
    }

    private void start(Workload server, boolean plainAllowed) {
        lab.publish(List.of(client, server), List.of(HostLab.echoService(server.identity())), List.of());
        HostConfig usual = lab.calling(client);
        HostConfig config = new HostConfig(
                usual.workload(),
                usual.source(),
                usual.loops(),
                usual.socks(),
                usual.listeners(),
                plainAllowed,
                Optional.empty());
        lab.start(config, lab.credentials(client.identity()), lab.catalog());
    }

    private Workload.Builder plain(int target) {
        return lab.workload("demo", "echo", 3)
                .tunnel(Workload.Tunnel.NONE)
                .services(Map.of(HostLab.ECHO, List.of(new ServicePort(80, target))));
    }

    private SocksClient ask() throws IOException {
        return SocksClient.connect(lab.ip(1), HostLab.ECHO.hostname(), 80);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_speaks_no_hbone_is_reached_where_that_is_allowed(boolean allowed) throws Exception {
        start(plain(8080).build(), allowed);
        try (Application application = new Application(lab.ip(3), 8080, Application::echo);
                SocksClient socks = ask()) {
            assertThat(socks.reply()).isEqualTo(allowed ? 0 : NOT_ALLOWED);
            if (allowed) {
                assertThat(socks.say("hello")).isEqualTo("hello");
            }
            assertThat(application.accepted()).isEqualTo(allowed ? 1 : 0);
        }
    }

    /** What is allowed for those that cannot do otherwise is not for those that can. */
    @Test
    void what_speaks_hbone_is_never_reached_in_plain_tcp() throws Exception {
        start(lab.echo("echo", 3).build(), true);
        try (Application application = new Application(lab.ip(3), 8080, Application::echo);
                SocksClient socks = ask()) {
            assertThat(socks.reply()).as("nobody listens at port 15008").isNotZero();
            assertThat(application.accepted()).isZero();
        }
    }

    @Test
    void a_workload_that_is_known_by_its_hostname_alone_is_looked_up() throws Exception {
        int port = freePort();
        start(plain(port).addresses(List.of()).hostname("localhost").build(), true);
        try (Application application = new Application("127.0.0.1", port, Application::echo);
                SocksClient socks = ask()) {
            assertThat(socks.reply()).isZero();
            assertThat(socks.say("hello")).isEqualTo("hello");
            assertThat(application.accepted()).isEqualTo(1);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
