package io.beringia.gateway.host;

import static io.beringia.gateway.host.HostLab.ECHO;
import static io.beringia.gateway.host.HostLab.echoService;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Workload;
import io.beringia.gateway.FarGateway;
import io.beringia.gateway.HboneClient;
import io.beringia.gateway.drain.DrainConfig;
import io.beringia.gateway.drain.Residue;
import io.beringia.gateway.limits.MaxAge;
import io.beringia.gateway.relay.Reset;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a host proxy lets go: of a connection that is old, and of all when it ends. */
@Timeout(60)
final class HostDrainTest {
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final DrainConfig PATIENT = new DrainConfig(Duration.ZERO, Duration.ZERO, Duration.ofHours(1));

    private final HostLab lab = new HostLab();
    private final Workload client = lab.workload("shop", "client", 1).build();
    private final Workload server = lab.echo("echo", 2).build();

    @AfterEach
    void close() {
        lab.close();
    }

    private HostMain client(DrainConfig how) {
        publish();
        return lab.start(lab.calling(client).with(how), lab.credentials(client.identity()), lab.catalog());
    }

    private void ageingServer() {
        publish();
        MaxAge least = new MaxAge(Duration.ofSeconds(1));
        lab.start(lab.called(server).with(least), lab.credentials(server.identity()), lab.catalog());
    }

    private HostMain server(DrainConfig how) {
        publish();
        return lab.start(lab.called(server).with(how), lab.credentials(server.identity()), lab.catalog());
    }

    private void publish() {
        lab.publish(List.of(client, server), List.of(echoService(server.identity())), List.of());
    }

    private static CompletableFuture<Residue> drain(HostMain host) {
        CompletableFuture<Residue> left = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> left.complete(host.drain()));
        await().atMost(WAIT).until(() -> host.awaited().equals(List.of("an end: it is draining")));
        return left;
    }

    private HboneClient caller() throws Exception {
        return HboneClient.connect(
                SocketAddress.parse(lab.ip(2) + ":15008"),
                lab.credentials(client.identity()).svid());
    }

    private String hello() throws Exception {
        try (SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
            return socks.say("hello");
        }
    }

    @Test
    void what_the_application_has_open_goes_on_and_nothing_new_is_taken() throws Exception {
        HostMain host = client(PATIENT);
        lab.server(server, server.identity());
        try (Application application = new Application(lab.ip(2), 8080, Application::echo);
                SocksClient old = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
            CompletableFuture<Residue> left = drain(host);
            await().atMost(WAIT)
                    .untilAsserted(() -> assertThatThrownBy(this::hello).isInstanceOf(ConnectException.class));
            assertThat(old.say("still here")).isEqualTo("still here");
            assertThat(left.get(WAIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo(Residue.NOTHING);
            assertThat(application.accepted()).isEqualTo(1);
        }
    }

    @Test
    void callers_are_told_goodbye_in_two_steps_and_keep_what_they_have() throws Exception {
        HostMain host = server(PATIENT);
        try (Application application = new Application(lab.ip(2), 8080, Application::echo);
                HboneClient caller = caller()) {
            HboneClient.Tunnel tunnel = caller.open(lab.ip(2) + ":8080");
            assertThat(tunnel.status()).isEqualTo("200");
            CompletableFuture<Residue> left = drain(host);
            assertThat(caller.nextGoodbye()).as("none is lost that crosses it").isEqualTo(Integer.MAX_VALUE);
            assertThat(caller.nextGoodbye()).as("the last one taken").isLessThan(100);
            try (HboneClient late = caller()) {
                HboneClient.Tunnel refused = late.open(lab.ip(2) + ":8080");
                assertThat(refused.status()).isEqualTo("503");
                assertThat(lab.count("host.connections", "outcome", "draining")).isEqualTo(1);
            }
            assertThat(tunnel.write("still here").finish().read(10)).isEqualTo("still here");
            assertThat(left.get(WAIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo(Residue.NOTHING);
            assertThat(application.accepted()).isEqualTo(1);
        }
    }

    /** Else one that always has a tunnel would stay until its first certificate ends, and lose all of them then. */
    @Test
    void an_old_connection_is_told_goodbye_and_its_tunnel_goes_on() throws Exception {
        ageingServer();
        try (Application application = new Application(lab.ip(2), 8080, Application::echo);
                HboneClient caller = caller()) {
            HboneClient.Tunnel tunnel = caller.open(lab.ip(2) + ":8080");
            assertThat(tunnel.status()).isEqualTo("200");
            assertThat(caller.nextGoodbye()).as("none is lost that crosses it").isEqualTo(Integer.MAX_VALUE);
            assertThat(caller.nextGoodbye()).as("the last one taken").isEqualTo(3);
            assertThat(tunnel.write("still here").finish().read(10)).isEqualTo("still here");
            assertThat(tunnel.drain()).isZero();
            assertThat(caller.isClosedByPeer()).as("after its last tunnel").isTrue();
            assertThat(lab.count("host.connections.retired")).isEqualTo(1);
            assertThat(application.accepted()).isEqualTo(1);
        }
    }

    @Test
    void who_learns_late_is_served_although_it_is_not_ready_any_more() throws Exception {
        HostMain host = server(new DrainConfig(Duration.ofMinutes(10), Duration.ZERO, Duration.ZERO));
        try (Application application = new Application(lab.ip(2), 8080, Application::echo)) {
            CompletableFuture<Residue> left = drain(host);
            try (HboneClient late = caller()) {
                assertThat(late.open(lab.ip(2) + ":8080").write("late").read(4)).isEqualTo("late");
            }
            assertThat(left).isNotDone();
            assertThat(application.accepted()).isEqualTo(1);
        }
    }

    @Test
    void what_is_left_at_the_deadline_is_told_and_cut_off() throws Exception {
        HostMain host = client(DrainConfig.AT_ONCE);
        try (FarGateway peer = lab.peer(server, FarGateway::accept);
                SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
            Residue left = drain(host).get(WAIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(left.tunnels()).isEqualTo(1);
            assertThat(left.clients()).containsOnlyKeys(client.identity());
            assertThat(left.services()).containsOnlyKeys(ECHO.hostname() + ":80");
            InputStream in = socks.socket().getInputStream();
            assertThatThrownBy(in::readAllBytes).as("RST, not FIN").isInstanceOf(SocketException.class);
            assertThat(peer.nextReset()).isEqualTo(Reset.CANCEL.code());
        }
    }

    @Test
    void an_end_without_a_drain_is_an_abort_and_no_end_of_what_was_said() throws Exception {
        HostMain host = client(PATIENT);
        try (FarGateway peer = lab.peer(server, FarGateway::accept);
                SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
            host.close();
            InputStream in = socks.socket().getInputStream();
            assertThatThrownBy(in::readAllBytes).as("RST, not FIN").isInstanceOf(SocketException.class);
            assertThat(peer.nextReset()).isEqualTo(Reset.CANCEL.code());
        }
    }
}
