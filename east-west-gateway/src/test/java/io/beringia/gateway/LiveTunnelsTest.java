package io.beringia.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ExportedAuthority;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.HboneClient.Tunnel;
import io.beringia.trust.identity.TrustBundles;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ends a tunnel that was allowed once, and what does not. */
final class LiveTunnelsTest {
    private static final long CANCEL = 0x8;

    private final World world = new World();
    private final SocketAddress pod = world.west.addPod();
    /** By how much the wall clock of gateways is wrong, and how much later it is than it seems. */
    private volatile Duration wrong = Duration.ZERO;

    private volatile Duration later = Duration.ZERO;

    @AfterEach
    void ends() throws Exception {
        world.close();
    }

    /** Of gateways that are started from now on. */
    private void turnClocks() {
        world.at(() -> Instant.now().plus(wrong).plus(later)).ageingBy(() -> System.nanoTime() + later.toNanos());
    }

    private World.Running west() throws Exception {
        SocketAddress hbone = world.west.addGateway();
        world.publish();
        world.keep(Backend.echo(pod));
        return world.west.start(hbone);
    }

    private World.Running east() throws Exception {
        SocketAddress hbone = world.east.addGateway();
        world.publish();
        return world.east.start(hbone);
    }

    private Tunnel tunnel(SocketAddress to) throws Exception {
        Tunnel tunnel = world.client(to, world.east.svid(world.east.clientId())).open(World.AUTHORITY);
        assertThat(tunnel.status()).isEqualTo("200");
        return tunnel;
    }

    @Test
    void a_service_that_is_exported_no_more_ends_its_tunnels() throws Exception {
        Tunnel tunnel = tunnel(west().hbone());
        world.publish(2, List.of());
        assertThat(tunnel.resetCode()).isEqualTo(CANCEL);
    }

    /** Whoever writes on would write beside its new home. */
    @Test
    void a_service_with_a_single_writer_that_is_served_elsewhere_now_ends_its_tunnels() throws Exception {
        Tunnel tunnel = tunnel(west().hbone());
        Catalog known = world.west.catalog.latest();
        world.west.catalog.set(Catalog.of(
                2,
                known.plan(),
                List.copyOf(known.workloads().values()),
                List.copyOf(known.services().values()),
                List.of(),
                List.copyOf(known.exported().values()),
                List.of(new RelayTarget(
                        World.ECHO,
                        Set.of(),
                        List.of(new RelayTarget.Part(world.west.cluster(), Set.of(80), 0, OptionalInt.of(0))),
                        RelayTarget.OnFailure.RESET)),
                List.copyOf(known.clusters().values())));
        assertThat(tunnel.resetCode()).isEqualTo(CANCEL);
    }

    /** The gateway does at once what it is told of: {@code open()} asks each event loop, after what was posted before. */
    @Test
    void a_catalog_ends_tunnels_before_the_next_look_at_anything() throws Exception {
        World.Running gateway = west();
        tunnel(gateway.hbone());
        assertThat(gateway.gateway().open()).isEqualTo(1);
        world.publish(2, List.of());
        assertThat(gateway.gateway().open()).isZero();
    }

    /** Bundles are taken on one loop and judged on each: two turns. */
    @Test
    void so_do_new_roots() throws Exception {
        World.Running gateway = west();
        Tunnel tunnel = tunnel(gateway.hbone());
        assertThat(gateway.gateway().open()).isEqualTo(1);
        gateway.credentials().set(TrustBundles.EMPTY);
        gateway.gateway().open();
        assertThat(gateway.gateway().open()).isZero();
        assertThat(tunnel.resetCode()).isEqualTo(CANCEL);
    }

    @Test
    void a_port_that_is_exported_no_more_ends_its_tunnels() throws Exception {
        Tunnel tunnel = tunnel(west().hbone());
        world.publish(
                2,
                List.of(new ExportedAuthority(
                        World.ECHO, Set.of(81), Set.of(world.east.cluster(), world.west.cluster()), Set.of())));
        assertThat(tunnel.resetCode()).isEqualTo(CANCEL);
    }

    @Test
    void a_relayed_tunnel_ends_where_its_service_is_exported_no_more() throws Exception {
        west();
        Tunnel tunnel = tunnel(east().relay());
        world.publish(2, List.of());
        assertThat(tunnel.resetCode()).isEqualTo(CANCEL);
    }

    @Test
    void a_gateway_that_is_known_no_more_loses_the_tunnels_for_which_it_vouched() throws Exception {
        west();
        Tunnel tunnel = tunnel(east().relay());
        world.west.catalog.set(without(world.west.catalog.latest(), world.east));
        assertThat(tunnel.resetCode()).isEqualTo(CANCEL);
    }

    @Test
    void a_workload_that_is_known_no_more_loses_its_tunnels_at_its_own_gateway() throws Exception {
        west();
        Tunnel tunnel = tunnel(east().relay());
        Catalog known = world.east.catalog.latest();
        world.east.catalog.set(Catalog.of(
                2,
                known.plan(),
                List.of(),
                List.copyOf(known.services().values()),
                List.of(),
                List.copyOf(known.exported().values()),
                List.copyOf(known.relayTargets().values()),
                List.copyOf(known.clusters().values())));
        assertThat(tunnel.resetCode()).isEqualTo(CANCEL);
    }

    @Test
    void a_service_elsewhere_that_is_merely_out_of_sight_keeps_its_tunnels() throws Exception {
        west();
        Tunnel tunnel = tunnel(east().relay());
        Catalog known = world.east.catalog.latest();
        world.east.catalog.set(Catalog.of(
                2,
                known.plan(),
                List.copyOf(known.workloads().values()),
                List.copyOf(known.services().values()),
                List.of(),
                List.copyOf(known.exported().values()),
                List.of(),
                List.copyOf(known.clusters().values())));
        assertThat(tunnel.write("still here").finish().drain()).isEqualTo(10);
    }

    @Test
    void no_catalog_at_all_ends_nothing() throws Exception {
        Tunnel tunnel = tunnel(west().hbone());
        world.publish(0, List.of());
        assertThat(tunnel.write("still here").finish().drain()).isEqualTo(10);
    }

    @Test
    void a_peer_whose_certificate_has_ended_is_cut_off() throws Exception {
        turnClocks();
        Tunnel tunnel = tunnel(west().hbone());
        later = Duration.ofMinutes(62);
        assertThat(tunnel.resetCode()).isEqualTo(CANCEL);
        await().untilAsserted(() -> assertThat(world.west.count("gateway.peers.rejected", "reason", "expired"))
                .isEqualTo(1));
    }

    @Test
    void a_gateway_whose_certificate_has_ended_is_cut_off_by_whoever_dialled_it() throws Exception {
        west();
        turnClocks();
        Tunnel tunnel = tunnel(east().relay());
        later = Duration.ofMinutes(62);
        assertThat(tunnel.resetCode()).isPositive();
        await().untilAsserted(() -> assertThat(world.east.count("gateway.peers.rejected", "reason", "expired"))
                .as("its client, and the gateway that it had dialled")
                .isEqualTo(2));
    }

    /** Its issuer's clock may be late, whatever makes us look. */
    @Test
    void a_peer_whose_certificate_has_just_ended_is_left_alone_when_our_own_is_renewed() throws Exception {
        turnClocks();
        World.Running gateway = west();
        Tunnel tunnel = tunnel(gateway.hbone());
        later = Duration.ofMinutes(60).plusSeconds(5);
        gateway.credentials().set(world.west.svid(world.west.gatewayId()));
        assertThat(tunnel.write("still here").finish().drain()).isEqualTo(10);
        assertThat(world.west.count("gateway.peers.rejected")).isZero();
    }

    /** Judged on the one event loop of the gateway, before it reads on. */
    @ParameterizedTest
    @ValueSource(ints = {-2, 2})
    void a_wall_clock_that_is_set_cuts_nobody_off(int days) throws Exception {
        turnClocks();
        World.Running gateway = west();
        Tunnel tunnel = tunnel(gateway.hbone());
        wrong = Duration.ofDays(days);
        gateway.credentials().set(world.west.svid(world.west.gatewayId()));
        assertThat(tunnel.write("still here").finish().drain()).isEqualTo(10);
        assertThat(world.west.count("gateway.peers.rejected")).isZero();
    }

    private static Catalog without(Catalog known, World.Site site) {
        return Catalog.of(
                2,
                known.plan(),
                List.copyOf(known.workloads().values()),
                List.copyOf(known.services().values()),
                List.of(),
                List.copyOf(known.exported().values()),
                List.copyOf(known.relayTargets().values()),
                known.clusters().values().stream()
                        .filter(one -> !one.cluster().equals(site.cluster()))
                        .toList());
    }
}
