package io.beringia.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.HboneClient.Tunnel;
import io.beringia.trust.identity.SpiffeId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A gateway that looks at real ones with its own eyes. */
@Isolated("round trips decide what is late, and neighbours would lengthen them")
final class ObserverTest {
    private static final Duration WAIT = Duration.ofSeconds(30);

    private final World world = new World();

    @AfterEach
    void ends() throws Exception {
        world.close();
    }

    private World.Running startEast() throws Exception {
        SocketAddress hbone = world.east.addGateway();
        world.publish();
        return world.east.startObserving(hbone);
    }

    private double entered(PathState state) {
        return world.east.count("gateway.paths.changed", "state", state.name().toLowerCase(Locale.ROOT));
    }

    private void awaitEntered(PathState state) {
        await().atMost(WAIT).untilAsserted(() -> assertThat(entered(state)).isPositive());
    }

    private void awaitStuck() {
        await().atMost(WAIT)
                .untilAsserted(() -> assertThat(world.east.count("gateway.paths.troubled", "trouble", "stuck"))
                        .isPositive());
    }

    private static void awaitMeasured(World.Running east, SocketAddress west) {
        await().atMost(WAIT)
                .untilAsserted(() ->
                        assertThat(east.gateway().paths().view(west).srtt()).isPositive());
    }

    @Test
    void a_live_gateway_stays_up() throws Exception {
        SocketAddress west = world.west.addGateway();
        world.west.start(west);
        World.Running east = startEast();
        awaitMeasured(east, west);
        assertThat(east.gateway().paths().view(west).state()).isEqualTo(PathState.UP);
        assertThat(entered(PathState.DOWN)).isZero();
        assertThat(east.gateway().paths().paths())
                .as("a gateway looks at other regions only")
                .containsOnlyKeys(west);
    }

    @Test
    void a_gateway_whose_connections_grow_old_stays_up() throws Exception {
        world.ageing(Duration.ofSeconds(1));
        SocketAddress west = world.west.addGateway();
        world.west.start(west);
        World.Running east = startEast();
        await().atMost(WAIT)
                .untilAsserted(() -> assertThat(world.west.count("gateway.connections.retired"))
                        .isGreaterThanOrEqualTo(6));
        assertThat(east.gateway().paths().view(west).state()).isEqualTo(PathState.UP);
        assertThat(entered(PathState.DOWN)).isZero();
    }

    @Test
    void a_frozen_gateway_is_suspected_then_down_its_streams_are_reset_and_it_returns_by_probation() throws Exception {
        world.keep(Backend.echo(world.west.addPod()));
        SocketAddress listed = world.west.addGateway();
        SocketAddress real = world.west.pod(7);
        world.west.start(real);
        Wire wire = world.keep(new Wire(listed, real));
        World.Running east = startEast();
        Tunnel tunnel = world.client(east.relay(), world.east.svid(world.east.clientId()))
                .open(World.AUTHORITY);
        assertThat(tunnel.status()).isEqualTo("200");
        awaitMeasured(east, listed);
        wire.freeze();
        assertThat(tunnel.resetCode()).isEqualTo(0x8);
        assertThat(entered(PathState.SUSPECT)).isPositive();
        assertThat(entered(PathState.DOWN)).isPositive();
        awaitStuck();
        wire.thaw();
        awaitEntered(PathState.PROBATION);
        await().atMost(WAIT)
                .untilAsserted(() ->
                        assertThat(east.gateway().paths().view(listed).state()).isEqualTo(PathState.UP));
    }

    @Test
    void a_server_that_accepts_and_says_nothing_is_down() throws Exception {
        SocketAddress silent = world.west.addGateway();
        world.keep(Backend.manual(silent));
        startEast();
        awaitEntered(PathState.SUSPECT);
        awaitEntered(PathState.DOWN);
        awaitStuck();
        assertThat(entered(PathState.PROBATION)).isZero();
    }

    @Test
    void a_closed_port_is_down_after_three_refusals_and_back_by_probation() throws Exception {
        SocketAddress west = world.west.addGateway();
        startEast();
        awaitEntered(PathState.DOWN);
        assertThat(world.east.count("gateway.probes.failed", "reason", "refused"))
                .isGreaterThanOrEqualTo(3);
        world.west.start(west);
        awaitEntered(PathState.PROBATION);
    }

    @Test
    void a_gateway_that_ends_is_down() throws Exception {
        SocketAddress west = world.west.addGateway();
        World.Running ending = world.west.start(west);
        World.Running east = startEast();
        awaitMeasured(east, west);
        ending.gateway().close();
        awaitEntered(PathState.DOWN);
    }

    @Test
    void an_answer_by_somebody_else_is_silence() throws Exception {
        SocketAddress west = world.west.addGateway();
        world.west.start(west, SpiffeId.ofWorkload(World.MESH, "beringia-system", "impostor"));
        startEast();
        awaitEntered(PathState.DOWN);
        assertThat(world.east.count("gateway.probes.failed", "reason", "identity-mismatch"))
                .isPositive();
        assertThat(entered(PathState.PROBATION)).isZero();
    }

    @Test
    void a_certificate_that_ends_soon_is_seen_in_the_handshake() throws Exception {
        SocketAddress west = world.west.addGateway();
        world.west.start(west);
        InstantSource late = () -> Instant.now().plus(Duration.ofMinutes(60)).minusSeconds(28);
        world.at(late);
        World.Running east = startEast();
        await().atMost(WAIT)
                .untilAsserted(() -> assertThat(world.east.count("gateway.paths.troubled", "trouble", "expiring"))
                        .isPositive());
        await().atMost(WAIT).until(() -> east.gateway().paths().view(west).isExpiring());
    }

    @Test
    void a_gateway_that_leaves_the_catalog_and_hangs_costs_its_streams_no_more_than_another() throws Exception {
        world.keep(Backend.echo(world.west.addPod()));
        SocketAddress listed = world.west.addGateway();
        SocketAddress real = world.west.pod(7);
        world.west.start(real);
        Wire wire = world.keep(new Wire(listed, real));
        World.Running east = startEast();
        Tunnel tunnel = world.client(east.relay(), world.east.svid(world.east.clientId()))
                .open(World.AUTHORITY);
        assertThat(tunnel.status()).isEqualTo("200");
        awaitMeasured(east, listed);
        wire.freeze();
        world.west.unlist(listed);
        world.publish(2, Set.of(world.east.cluster(), world.west.cluster()));
        assertThat(tunnel.resetCode()).isEqualTo(0x8);
        await().atMost(WAIT)
                .untilAsserted(() -> assertThat(east.gateway().paths().paths()).isEmpty());
    }

    @Test
    void a_gateway_that_left_the_catalog_is_forgotten() throws Exception {
        SocketAddress west = world.west.addGateway();
        World.Running east = startEast();
        awaitEntered(PathState.DOWN);
        world.east.catalog.set(Catalog.EMPTY);
        await().atMost(WAIT)
                .untilAsserted(() -> assertThat(east.gateway().paths().paths()).doesNotContainKey(west));
        assertThat(east.gateway().paths().view(west).state()).isEqualTo(PathState.UP);
    }
}
