package io.beringia.gateway.host;

import static io.beringia.gateway.host.HostLab.ECHO;
import static io.beringia.gateway.host.HostLab.ECHO_VIP;
import static io.beringia.gateway.host.HostLab.echoService;
import static io.beringia.gateway.host.HostLab.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.Destination;
import io.beringia.discovery.catalog.Policy;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Workload;
import io.beringia.gateway.FakeCredentials;
import io.beringia.gateway.HboneClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two host proxies in one network: single HBONE. */
@Timeout(60)
final class HostProxyTest {
    private final HostLab lab = new HostLab();
    private final Workload client = lab.workload("shop", "client", 1).build();
    private final Workload server = lab.echo("echo", 2).build();
    private final Service echo = echoService(id("demo", "echo"));

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void carries_a_connection_asked_for_by_name_by_service_address_or_by_pod_address() throws Exception {
        startBoth();
        try (Application application = application(Application::echo)) {
            assertThat(talk(ECHO.hostname(), 80)).isEqualTo("hello");
            assertThat(talk("Echo.demo.svc.cluster.local.", 80))
                    .as("names are not case-sensitive")
                    .isEqualTo("hello");
            assertThat(talk(ECHO_VIP, 80)).isEqualTo("hello");
            assertThat(talk(lab.ip(2), 8080)).isEqualTo("hello");
            assertThat(application.accepted()).isEqualTo(4);
        }
    }

    private void startWithLocalListener() throws Exception {
        lab.publish(List.of(client, server), List.of(echo), List.of());
        lab.client(
                client,
                new HostConfig.Listener(
                        SocketAddress.parse(lab.ip(1) + ":7080"), new Destination.ByName(ECHO.hostname(), 80)));
        lab.server(server, server.identity());
    }

    @Test
    void a_local_listener_leads_to_its_service() throws Exception {
        startWithLocalListener();
        byte[] download = new byte[4 << 20];
        new Random(3).nextBytes(download);
        try (Application application = application(socket -> {
                    if (socket.getInputStream().readAllBytes().length == 7) {
                        socket.getOutputStream().write(download);
                    }
                });
                Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(lab.ip(1), 7080), 5_000);
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write("through".getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readAllBytes()).isEqualTo(download);
            assertThat(application.accepted()).isEqualTo(1);
        }
    }

    /** Writes to it have to wait, long after its FIN. */
    @Test
    void a_slow_client_that_has_said_all_hears_all() throws Exception {
        startWithLocalListener();
        byte[] download = new byte[16 << 20];
        new Random(5).nextBytes(download);
        try (Application application = application(socket -> {
                    socket.getInputStream().readAllBytes();
                    socket.getOutputStream().write(download);
                });
                Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4096);
            socket.connect(new InetSocketAddress(lab.ip(1), 7080), 5_000);
            socket.setSoTimeout(20_000);
            socket.shutdownOutput();
            assertThat(Arrays.equals(socket.getInputStream().readAllBytes(), download))
                    .as("every byte")
                    .isTrue();
            assertThat(application.nextEnding()).isEqualTo("end");
        }
    }

    @Test
    void a_client_may_say_all_before_the_tunnel_stands() throws Exception {
        startBoth();
        byte[] request = new byte[100_000];
        new Random(4).nextBytes(request);
        try (Application application = application(Application::echo);
                SocksClient socks = SocksClient.askAndFinish(lab.ip(1), ECHO.hostname(), 80, request)) {
            assertThat(socks.reply()).isZero();
            assertThat(socks.socket().getInputStream().readAllBytes()).isEqualTo(request);
            assertThat(application.accepted()).isEqualTo(1);
        }
    }

    @Test
    void bytes_sent_behind_the_request_arrive_first() throws Exception {
        startBoth();
        try (Application application = application(Application::echo);
                SocksClient socks = SocksClient.ask(
                        lab.ip(1),
                        SocksClient.CONNECT,
                        ECHO.hostname(),
                        80,
                        "early ".getBytes(StandardCharsets.US_ASCII))) {
            assertThat(socks.say("late")).isEqualTo("early late");
            assertThat(application.accepted()).isEqualTo(1);
        }
    }

    @Test
    void a_policy_that_denies_is_answered_before_the_application_hears_anything() throws Exception {
        lab.publish(List.of(client, server), List.of(echo), List.of(allow("cluster.local/ns/shop/sa/other")));
        lab.client(client);
        lab.server(server, server.identity());
        try (Application application = application(Application::echo)) {
            assertThat(reply(ECHO.hostname(), 80))
                    .as("401 is 'not allowed by ruleset'")
                    .isEqualTo(2);
            assertThat(application.accepted()).isZero();
            lab.publish(List.of(client, server), List.of(echo), List.of(allow("cluster.local/ns/shop/sa/client")));
            assertThat(talk(ECHO.hostname(), 80)).isEqualTo("hello");
        }
    }

    @Test
    void a_tunnel_that_is_no_longer_allowed_is_cut_off() throws Exception {
        startBoth();
        try (Application application = application(Application::echo);
                SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
            assertThat(roundTrip(socks)).isEqualTo('x');
            lab.publish(List.of(client, server), List.of(echo), List.of(allow("cluster.local/ns/shop/sa/other")));
            assertThatThrownBy(() -> socks.socket().getInputStream().readAllBytes())
                    .isInstanceOf(SocketException.class);
            assertThat(application.nextEnding())
                    .as("the server sees an abort too")
                    .isEqualTo("reset");
        }
    }

    /** A stock ztunnel looks again when policies change only, and skips a policy that it does not know. */
    @Test
    void a_tunnel_is_cut_off_when_its_workload_names_a_policy_that_nobody_knows() throws Exception {
        startBoth();
        try (Application application = application(Application::echo);
                SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
            assertThat(roundTrip(socks)).isEqualTo('x');
            Workload named =
                    lab.echo("echo", 2).policies(List.of("demo/unknown")).build();
            lab.publish(List.of(client, named), List.of(echo), List.of());
            assertThatThrownBy(() -> socks.socket().getInputStream().readAllBytes())
                    .isInstanceOf(SocketException.class);
            assertThat(application.nextEnding()).isEqualTo("reset");
            assertThat(reply(ECHO.hostname(), 80)).as("nor is a new one let in").isEqualTo(2);
        }
    }

    @Test
    void a_server_with_another_identity_gets_nothing() throws Exception {
        lab.publish(List.of(client, server), List.of(echo), List.of());
        lab.client(client);
        lab.server(server, id("demo", "imposter"));
        try (Application application = application(Application::echo)) {
            assertThat(reply(ECHO.hostname(), 80)).isEqualTo(1);
            assertThat(application.accepted()).isZero();
        }
    }

    @Test
    void says_why_it_could_not_connect() throws Exception {
        startBoth();
        assertThat(reply("unknown.demo.svc.cluster.local", 80))
                .as("unknown host")
                .isEqualTo(4);
        assertThat(reply(ECHO.hostname(), 81)).as("no such port").isEqualTo(5);
        assertThat(reply(ECHO.hostname(), 80))
                .as("503: nothing listens behind the proxy")
                .isEqualTo(5);
        assertThat(reply(lab.ip(2), 9_999))
                .as("401: a port that nobody declared")
                .isEqualTo(2);
        assertThat(reply(lab.ip(2), 15_000)).as("503: the proxy's own port").isEqualTo(5);
        assertThat(reply(lab.ip(9), 80)).as("plain TCP is not allowed").isEqualTo(2);
        try (SocksClient bind = SocksClient.ask(lab.ip(1), 2, ECHO.hostname(), 80, new byte[0])) {
            assertThat(bind.reply()).as("BIND").isEqualTo(7);
        }
    }

    @Test
    void an_address_of_no_known_kind_is_said_to_be_none() throws Exception {
        startBoth();
        byte[] unknownKind = {5, 1, 0, 9, 1, 2, 3, 4, 0, 80};
        try (Socket socket = SocksClient.greet(lab.ip(1), new byte[] {5, 1, 0})) {
            assertThat(socket.getInputStream().readNBytes(2)).containsExactly(5, 0);
            socket.getOutputStream().write(unknownKind);
            assertThat(socket.getInputStream().readNBytes(2)).containsExactly(5, 8);
        }
    }

    @Test
    void a_caller_learns_who_serves_it_and_a_refused_one_only_that() throws Exception {
        startBoth();
        try (Application application = application(Application::echo);
                HboneClient caller = HboneClient.connect(
                        SocketAddress.parse(lab.ip(2) + ":15008"),
                        lab.credentials(client.identity()).svid())) {
            HboneClient.Tunnel tunnel = caller.open(lab.ip(2) + ":8080");
            assertThat(tunnel.status()).isEqualTo("200");
            assertThat(tunnel.answer().get("baggage")).hasToString(HostHeaders.baggage(server));
            assertThat(tunnel.write("hello").read(5)).isEqualTo("hello");
            assertThat(caller.open(lab.ip(3) + ":8080").status())
                    .as("another pod")
                    .isEqualTo("400");
            assertThat(caller.open("echo.demo.svc.cluster.local").status())
                    .as("no port")
                    .isEqualTo("400");
            assertThat(caller.open(lab.ip(2) + ":9999").status())
                    .as("not declared")
                    .isEqualTo("401");
            HboneClient.Tunnel own = caller.open(lab.ip(2) + ":15008");
            assertThat(own.status()).as("the proxy's own port").isEqualTo("503");
            assertThat(own.drain()).as("no body").isZero();
            assertThat(own.answer().contains("baggage")).isFalse();
        }
    }

    @Test
    void a_host_that_listens_nowhere_is_a_refused_connection() throws Exception {
        lab.publish(List.of(client, server), List.of(echo), List.of());
        lab.client(client);
        assertThat(reply(ECHO.hostname(), 80)).isEqualTo(5);
    }

    @Test
    void only_clients_without_authentication_are_served() throws Exception {
        startBoth();
        try (Socket socket = SocksClient.greet(lab.ip(1), new byte[] {5, 1, 2})) {
            assertThat(socket.getInputStream().readNBytes(2)).containsExactly(5, 0xff);
        }
        try (Socket socket = SocksClient.greet(lab.ip(1), new byte[] {4, 1, 0, 80, 127, 0, 0, 1, 0})) {
            assertThat(socket.getInputStream().readAllBytes()).as("SOCKS 4").containsExactly(5, 0xff);
        }
    }

    @Test
    void another_endpoint_is_tried_before_the_first_byte() throws Exception {
        Workload dead = lab.echo("dead", 3).build();
        lab.publish(List.of(client, server, dead), List.of(echo), List.of());
        lab.client(client);
        lab.server(server, server.identity());
        try (Application application = application(Application::echo)) {
            for (int i = 0; i < 20; i++) {
                assertThat(talk(ECHO.hostname(), 80)).as("connection %d", i).isEqualTo("hello");
            }
            assertThat(application.accepted()).as("each arrives once").isEqualTo(20);
        }
    }

    @Test
    void a_side_that_has_said_all_may_still_listen() throws Exception {
        startBoth();
        byte[] download = new byte[1 << 20];
        new Random(7).nextBytes(download);
        try (Application application = application(socket -> {
                    if (socket.getInputStream().readAllBytes().length == 3) {
                        socket.getOutputStream().write(download);
                    }
                });
                SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
            socks.socket().getOutputStream().write(new byte[3]);
            socks.socket().shutdownOutput();
            assertThat(socks.socket().getInputStream().readAllBytes()).isEqualTo(download);
            assertThat(application.nextEnding()).isEqualTo("end");
        }
    }

    @Test
    void an_abort_of_either_application_is_an_abort_for_the_other() throws Exception {
        startBoth();
        try (Application application = application(socket -> {
            if (socket.getInputStream().read() == 'a') {
                socket.setSoLinger(true, 0);
            } else {
                socket.getInputStream().readAllBytes();
            }
        })) {
            try (SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
                socks.socket().getOutputStream().write('a');
                InputStream in = socks.socket().getInputStream();
                assertThatThrownBy(in::readAllBytes).as("RST, not FIN").isInstanceOf(SocketException.class);
            }
            assertThat(application.nextEnding()).isEqualTo("end");
            SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80);
            socks.socket().getOutputStream().write('b');
            await().atMost(Duration.ofSeconds(10)).until(() -> application.accepted() == 2);
            socks.socket().setSoLinger(true, 0);
            socks.close();
            assertThat(application.nextEnding()).as("RST, not FIN").isEqualTo("reset");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 65_535, 65_536, 262_143, 262_144, 262_145, 16 * 1024 * 1024})
    void downloads_of_about_one_window_do_not_stall(int bytes) throws Exception {
        startBoth();
        byte[] download = new byte[bytes];
        new Random(bytes).nextBytes(download);
        try (Application application = application(socket -> {
                    socket.getInputStream().readAllBytes();
                    socket.getOutputStream().write(download);
                });
                SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
            socks.socket().shutdownOutput();
            assertThat(socks.socket().getInputStream().readAllBytes()).isEqualTo(download);
            assertThat(application.accepted()).isEqualTo(1);
        }
    }

    @Test
    void an_application_behind_the_proxy_protocol_learns_who_calls() throws Exception {
        Workload told = lab.echo("echo", 2).proxyProtocolPort(8081).build();
        lab.publish(List.of(client, told), List.of(echo), List.of());
        lab.client(client);
        lab.server(told, told.identity());
        try (Application application = new Application(lab.ip(2), 8081, Application::echo)) {
            String heard = talk(ECHO_VIP, 80);
            assertThat(heard).endsWith("spiffe://cluster.local/ns/shop/sa/clienthello");
            assertThat(heard).startsWith("\r\n\r\n\0\r\nQUIT\n");
            assertThat(application.accepted()).isEqualTo(1);
        }
    }

    @Test
    void waits_for_its_catalog_and_its_workload_and_refuses_until_then() throws Exception {
        HostMain host = lab.client(client);
        assertThat(host.awaited()).containsExactly("first catalog");
        assertThat(reply(ECHO.hostname(), 80)).isEqualTo(1);
        lab.publish(List.of(server), List.of(echo), List.of());
        assertThat(host.awaited()).containsExactly("our workload " + client.uid());
        lab.publish(List.of(client, server), List.of(echo), List.of());
        assertThat(host.awaited()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_peer_that_is_trusted_no_more_is_cut_off(boolean byServer) throws Exception {
        lab.publish(List.of(client, server), List.of(echo), List.of());
        FakeCredentials ofClient = lab.changing(client.identity());
        FakeCredentials ofServer = lab.changing(server.identity());
        lab.start(lab.calling(client), ofClient, lab.catalog());
        lab.start(lab.called(server), ofServer, lab.catalog());
        try (Application application = application(Application::echo);
                SocksClient open = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80);
                HostLab elsewhere = new HostLab()) {
            open.socket().getOutputStream().write('a');
            assertThat(open.socket().getInputStream().read()).isEqualTo('a');
            (byServer ? ofServer : ofClient)
                    .set(elsewhere.credentials(server.identity()).bundles());
            assertThatThrownBy(() -> open.socket().getInputStream().read()).isInstanceOf(SocketException.class);
            assertThat(application.accepted()).isEqualTo(1);
        }
    }

    /** The inner tunnel's peer, at either end; a neighbour's certificate changes nothing. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_peer_whose_certificate_is_taken_back_is_cut_off(boolean byServer) throws Exception {
        lab.publish(List.of(client, server), List.of(echo), List.of());
        FakeCredentials ofClient = lab.changing(client.identity());
        FakeCredentials ofServer = lab.changing(server.identity());
        lab.start(lab.calling(client), ofClient, lab.catalog());
        lab.start(lab.called(server), ofServer, lab.catalog());
        FakeCredentials judge = byServer ? ofServer : ofClient;
        FakeCredentials judged = byServer ? ofClient : ofServer;
        try (Application application = application(Application::echo);
                SocksClient open = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
            judge.set(lab.without(
                    judge.svid().leaf(),
                    lab.credentials(client.identity()).svid().leaf()));
            open.socket().getOutputStream().write('a');
            assertThat(open.socket().getInputStream().read()).isEqualTo('a');

            judge.set(lab.without(judged.svid().leaf()));

            assertThatThrownBy(() -> open.socket().getInputStream().read()).isInstanceOf(SocketException.class);
            assertThat(application.accepted()).isEqualTo(1);
        }
    }

    private void startBoth() {
        lab.publish(List.of(client, server), List.of(echo), List.of());
        lab.client(client);
        lab.server(server, server.identity());
    }

    private Application application(Application.Talk talk) throws IOException {
        return new Application(lab.ip(2), 8080, talk);
    }

    private String talk(String host, int port) throws IOException {
        try (SocksClient socks = SocksClient.connect(lab.ip(1), host, port)) {
            assertThat(socks.reply()).as("SOCKS reply for %s:%d", host, port).isZero();
            return socks.say("hello");
        }
    }

    private int reply(String host, int port) throws IOException {
        try (SocksClient socks = SocksClient.connect(lab.ip(1), host, port)) {
            return socks.reply();
        }
    }

    private static int roundTrip(SocksClient socks) throws IOException {
        socks.socket().getOutputStream().write('x');
        return socks.socket().getInputStream().read();
    }

    private static Policy allow(String principal) {
        Policy.Match match = Policy.Match.ofPrincipals(List.of(new Policy.Text.Exact(principal)));
        return new Policy(
                "demo",
                "callers",
                Policy.Scope.NAMESPACE,
                Policy.Action.ALLOW,
                List.of(new Policy.Rule(List.of(new Policy.Clause(List.of(match))))),
                false);
    }
}
