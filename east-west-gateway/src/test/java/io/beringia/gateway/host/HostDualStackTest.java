package io.beringia.gateway.host;

import static io.beringia.gateway.host.HostLab.ECHO;
import static io.beringia.gateway.host.HostLab.echoService;
import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Host proxies that have IPv6 addresses, alone or beside IPv4. There is one IPv6 loopback address for all. */
@Timeout(60)
@ResourceLock("[::1]:15008")
final class HostDualStackTest {
    private static final IpAddress SIX = IpAddress.parse("::1");

    /** One for each test: a listener that is closed may keep its port for a moment. */
    private final int target = freePort();

    private final HostLab lab = new HostLab();

    @AfterEach
    void close() {
        lab.close();
    }

    private void start(Workload client, Workload server) {
        lab.publish(List.of(client, server), List.of(echoService(server.identity())), List.of());
        lab.client(client);
        lab.server(server, server.identity());
    }

    private static Workload six(Workload.Builder workload) {
        return workload.addresses(List.of(SIX)).build();
    }

    private Workload server() {
        return six(lab.echo("echo", 2).services(Map.of(ECHO, List.of(new ServicePort(80, target)))));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }

    private static String talk(String proxy, String host, int port) throws IOException {
        try (SocksClient socks = SocksClient.connect(proxy, host, port)) {
            assertThat(socks.reply()).as("SOCKS reply for %s", host).isZero();
            return socks.say("six");
        }
    }

    @Test
    void hosts_with_ipv6_alone_call_each_other() throws Exception {
        start(six(lab.workload("shop", "client", 1)), server());
        try (Application application = new Application("::1", target, Application::echo)) {
            assertThat(talk("::1", ECHO.hostname(), 80)).isEqualTo("six");
            assertThat(application.accepted()).isEqualTo(1);
        }
    }

    @Test
    void a_host_with_ipv4_reaches_one_with_ipv6_alone_by_name_and_by_address() throws Exception {
        start(lab.workload("shop", "client", 1).build(), server());
        try (Application application = new Application("::1", target, Application::echo)) {
            assertThat(talk(lab.ip(1), ECHO.hostname(), 80)).isEqualTo("six");
            assertThat(talk(lab.ip(1), "::1", target)).isEqualTo("six");
            assertThat(application.accepted()).isEqualTo(2);
        }
    }
}
