package io.beringia.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.TestLines;
import io.beringia.gateway.World;
import io.beringia.gateway.relay.Transport;
import io.beringia.gateway.routing.Authority;
import io.netty.channel.EventLoopGroup;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a look at a gateway says of packets of full size. */
final class ProbeConnectionTest {
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final ProbeTarget SERVICE = new ProbeTarget(
            new Authority("beringia-probe.beringia-system.svc.cluster.local", ProbeTarget.PORT), Set.of(), Set.of());

    private final World world = new World();
    private final EventLoopGroup group = Transport.best().loops(1, "test/");
    private final Queue<Sighting.Seen> seen = new ConcurrentLinkedQueue<>();

    @AfterEach
    void ends() throws Exception {
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
        world.close();
    }

    @Test
    void a_large_probe_without_an_answer_on_a_connection_that_stands_is_lost_and_no_other() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 9, InetAddress.getByName("127.0.0.1"))) {
            List<ProbeConnection> opened = List.of(
                    open(silent.getLocalPort(), Optional.of(SERVICE), ProbePlan.Probe.Cold.LARGE),
                    open(silent.getLocalPort(), Optional.of(SERVICE), ProbePlan.Probe.Cold.SMALL),
                    open(silent.getLocalPort(), Optional.empty(), ProbePlan.Probe.Cold.LARGE));
            await().atMost(WAIT).until(() -> opened.stream().allMatch(ProbeConnection::isOver));
            await().atMost(WAIT)
                    .untilAsserted(() -> assertThat(
                                    world.east.count("gateway.probes.failed", "hop", "outer-tls", "reason", "timeout"))
                            .isEqualTo(3));
            assertThat(seen).containsExactly(new Sighting.Seen.Large(false));
        }
    }

    @Test
    void an_answer_to_a_large_probe_has_come_through_and_the_no_of_a_gateway_has_not() throws Exception {
        connection(1, Optional.of(SERVICE), ProbePlan.Probe.Cold.LARGE).onAnswer(5, true);
        assertThat(seen).containsExactly(new Sighting.Seen.Answered(5, true), new Sighting.Seen.Large(true));
        seen.clear();
        connection(1, Optional.of(SERVICE), ProbePlan.Probe.Cold.LARGE).onAnswer(1, false);
        connection(1, Optional.of(SERVICE), ProbePlan.Probe.Cold.SMALL).onAnswer(1, true);
        connection(1, Optional.empty(), ProbePlan.Probe.Cold.LARGE).onAnswer(1, true);
        assertThat(seen).hasSize(3).allMatch(Sighting.Seen.Answered.class::isInstance);
    }

    private ProbeConnection open(int port, Optional<ProbeTarget> beyond, int words) {
        ProbeConnection connection = connection(port, beyond, words);
        connection.begin();
        return connection;
    }

    private ProbeConnection connection(int port, Optional<ProbeTarget> beyond, int words) {
        GatewayAddress gateway = new GatewayAddress(
                world.west.cluster(),
                world.west.region(),
                world.west.network(),
                "gateway-0",
                SocketAddress.parse("127.0.0.1:" + port),
                world.west.gatewayId(),
                Health.HEALTHY,
                1);
        return new ProbeConnection(
                TestLines.of(world.east, group),
                new Look(gateway, false, beyond),
                1,
                new ProbeConnection.Use.Fresh(words),
                sighting -> seen.add(sighting.seen()));
    }
}
