package io.beringia.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.HboneClient.Tunnel;
import io.beringia.gateway.drain.DrainConfig;
import io.beringia.gateway.observe.PathTable;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Relay mode: a client, the {@code relay} listener of its own gateway, a gateway of another region, a pod there. */
final class RelayModeTest {
    private final World world = new World();

    @AfterEach
    void ends() throws Exception {
        world.close();
    }

    private World.Running startEast() throws Exception {
        SocketAddress hbone = world.east.addGateway();
        world.publish();
        return world.east.start(hbone);
    }

    private HboneClient client(World.Running gateway) throws Exception {
        return world.client(gateway.relay(), world.east.svid(world.east.clientId()));
    }

    /** Accepts TCP, and never says a word. */
    private SocketAddress blackHole() throws Exception {
        SocketAddress address = world.west.addGateway();
        world.keep(Backend.manual(address));
        return address;
    }

    @Test
    void a_tunnel_crosses_both_gateways_and_ends_cleanly() throws Exception {
        world.keep(Backend.echo(world.west.addPod()));
        world.west.start(world.west.addGateway());
        World.Running east = startEast();
        Tunnel tunnel =
                client(east).open(World.AUTHORITY, Map.of("baggage", "k8s.cluster.name=east-1,k8s.pod.name=client"));
        assertThat(tunnel.status()).isEqualTo("200");
        assertThat(tunnel.answer().names()).as("a client learns nothing of us").hasSize(1);
        tunnel.write("hello").finish();
        assertThat(tunnel.drain()).isEqualTo(5);
        await().untilAsserted(() -> {
            assertThat(world.east.count("gateway.tunnels.closed", "ending", "finished"))
                    .isEqualTo(1);
            assertThat(world.west.count("gateway.tunnels.closed", "ending", "finished"))
                    .isEqualTo(1);
        });
        assertThat(world.west.count("gateway.headers.forged")).isZero();
        assertThat(world.west.count("gateway.region.mismatches")).isZero();
    }

    @Test
    void resets_pass_through_both_gateways() throws Exception {
        Backend backend = world.keep(Backend.manual(world.west.addPod()));
        world.west.start(world.west.addGateway());
        HboneClient client = client(startEast());
        Tunnel first = client.open(World.AUTHORITY);
        assertThat(first.status()).isEqualTo("200");
        try (Socket socket = backend.next()) {
            socket.setSoLinger(true, 0);
        }
        assertThat(first.resetCode()).as("of the backend").isEqualTo(0xa);
        Tunnel second = client.open(World.AUTHORITY);
        assertThat(second.status()).isEqualTo("200");
        second.reset(0x8);
        try (Socket socket = backend.next()) {
            assertThat(socket.getInputStream().read()).as("of the client").isEqualTo(-1);
        }
        await().untilAsserted(
                        () -> assertThat(world.west.count("gateway.tunnels.closed", "ending", "downstream-cancel"))
                                .isEqualTo(1));
    }

    @ParameterizedTest
    @CsvSource({"0x2, internal-error", "0x5, stream-closed", "0x8, cancel", "0xa, connect-error"})
    void the_code_of_a_client_reaches_the_other_gateway(String code, String word) throws Exception {
        Backend backend = world.keep(Backend.manual(world.west.addPod()));
        world.west.start(world.west.addGateway());
        Tunnel tunnel = client(startEast()).open(World.AUTHORITY);
        assertThat(tunnel.status()).isEqualTo("200");
        tunnel.reset(Long.decode(code));
        await().untilAsserted(
                        () -> assertThat(world.west.count("gateway.tunnels.closed", "ending", "downstream-" + word))
                                .isEqualTo(1));
        try (Socket socket = backend.next()) {
            await().untilAsserted(() -> assertThat(isOver(socket)).isTrue());
        }
    }

    private static boolean isOver(Socket socket) {
        try {
            return socket.getInputStream().read() == -1;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void what_the_other_gateway_decides_reaches_the_client() throws Exception {
        world.keep(Backend.echo(world.west.addPod()));
        World.Running west = world.west.start(world.west.addGateway());
        Tunnel tunnel = client(startEast()).open(World.AUTHORITY);
        assertThat(tunnel.status()).isEqualTo("200");
        west.gateway().drain(DrainConfig.AT_ONCE);
        assertThat(tunnel.resetCode()).as("the end of a drain").isEqualTo(0x8);
    }

    @Test
    void a_gateway_that_says_goodbye_keeps_its_tunnels_and_gets_new_ones_on_no_old_connection() throws Exception {
        world.keep(Backend.echo(world.west.addPod()));
        World.Running west = world.west.start(world.west.addGateway());
        HboneClient client = client(startEast());
        Tunnel old = client.open(World.AUTHORITY);
        assertThat(old.status()).isEqualTo("200");
        Thread drain = Thread.ofVirtual()
                .start(() -> west.gateway()
                        .drain(new DrainConfig(Duration.ZERO, Duration.ofMillis(500), Duration.ofSeconds(20))));
        await().untilAsserted(() -> assertThat(statusOfOneMore(client))
                .as("503 draining on a connection of its own")
                .isEqualTo("503"));
        assertThat(world.west.count("gateway.connections.opened", "listener", "hbone"))
                .isEqualTo(2);
        assertThat(old.write("still here").read(10)).isEqualTo("still here");
        old.finish();
        assertThat(old.drain()).isZero();
        drain.join(Duration.ofSeconds(20));
        assertThat(drain.isAlive()).isFalse();
    }

    /** More dials meet the leaving one than retries could be paid for. */
    @Test
    void a_gateway_that_leaves_costs_no_new_connection() throws Exception {
        world.keep(Backend.echo(world.west.addPod()));
        World.Running leaving = world.west.start(world.west.addGateway());
        world.west.start(world.west.addGateway());
        HboneClient client = client(startEast());
        Tunnel old = client.open(World.AUTHORITY);
        Thread drain = Thread.ofVirtual()
                .start(() ->
                        leaving.gateway().drain(new DrainConfig(Duration.ZERO, Duration.ZERO, Duration.ofMinutes(1))));
        for (int i = 0; i < 200; i++) {
            assertThat(statusOfOneMore(client)).isEqualTo("200");
        }
        old.finish().drain();
        drain.interrupt();
    }

    private static String statusOfOneMore(HboneClient client) throws Exception {
        Tunnel tunnel = client.open(World.AUTHORITY);
        if (tunnel.status().equals("200")) {
            tunnel.finish().drain();
        }
        return tunnel.status();
    }

    @Test
    void a_refusal_of_one_gateway_is_hidden_by_the_next() throws Exception {
        world.keep(Backend.echo(world.west.addPod()));
        world.west.addGateway();
        world.west.start(world.west.addGateway());
        HboneClient client = client(startEast());
        for (int i = 0; i < 12; i++) {
            Tunnel tunnel = client.open(World.AUTHORITY);
            assertThat(tunnel.status()).isEqualTo("200");
            tunnel.write("ok");
            assertThat(tunnel.read(2)).isEqualTo("ok");
        }
    }

    @Test
    void a_black_hole_is_hidden_by_a_hedge() throws Exception {
        world.keep(Backend.echo(world.west.addPod()));
        blackHole();
        world.west.start(world.west.addGateway());
        HboneClient client = client(startEast());
        for (int i = 0; i < 6; i++) {
            Tunnel tunnel = client.open(World.AUTHORITY);
            assertThat(tunnel.status()).isEqualTo("200");
            tunnel.write("ok");
            assertThat(tunnel.read(2)).isEqualTo("ok");
        }
        assertThat(world.east.count("gateway.tunnels.refused")).isZero();
    }

    @Test
    void endpoints_of_the_own_network_are_the_last_resort() throws Exception {
        Backend here = world.keep(Backend.echo(world.east.addPod()));
        Backend there = world.keep(Backend.echo(world.west.addPod()));
        SocketAddress west = world.west.addGateway();
        World.Running running = world.west.start(west);
        HboneClient client = client(startEast());
        assertThat(client.open(World.AUTHORITY).status()).isEqualTo("200");
        assertThat(here.count()).as("while the other region answers").isZero();
        await().untilAsserted(() -> assertThat(there.count()).isEqualTo(1));
        running.gateway().close();
        assertThat(client.open(World.AUTHORITY).status()).isEqualTo("200");
        await().untilAsserted(() -> assertThat(here.count()).isEqualTo(1));
    }

    @Test
    void nobody_left_is_an_answer_too() throws Exception {
        world.west.addPod();
        world.west.addGateway();
        HboneClient client = client(startEast());
        assertThat(client.open(World.AUTHORITY).status()).isEqualTo("503");
    }

    @Test
    void silence_everywhere_is_answered_within_the_deadline() throws Exception {
        world.west.addPod();
        blackHole();
        HboneClient client = client(startEast());
        Tunnel early = client.open(World.AUTHORITY).write(new byte[200_000]);
        assertThat(early.status()).isEqualTo("504");
        assertThat(early.drain()).as("a refusal has no body").isZero();
    }

    @Test
    void a_gateway_of_the_wrong_identity_is_not_used() throws Exception {
        Backend backend = world.keep(Backend.echo(world.west.addPod()));
        SocketAddress address = world.west.addGateway();
        world.west.start(address, SpiffeId.ofWorkload(World.MESH, "beringia-system", "impostor"));
        HboneClient client = client(startEast());
        assertThat(client.open(World.AUTHORITY).status()).isEqualTo("503");
        assertThat(backend.count()).isZero();
        assertThat(world.east.count("gateway.dials.failed", "target", "gateway", "reason", "identity-mismatch"))
                .isEqualTo(1);
    }

    @Test
    void a_gateway_is_refused_on_the_relay_listener() throws Exception {
        world.keep(Backend.echo(world.west.addPod()));
        world.west.start(world.west.addGateway());
        World.Running east = startEast();
        HboneClient gateway = world.client(east.relay(), world.west.svid(world.west.gatewayId()));
        assertThat(gateway.open(World.AUTHORITY).status()).as("as a workload").isEqualTo("403");
        assertThat(gateway.open(World.AUTHORITY, Map.of("x-beringia-hop", "1")).status())
                .as("as a gateway")
                .isEqualTo("403");
        assertThat(world.east.count("gateway.headers.forged"))
                .as("astray, not a forger")
                .isZero();
        HboneClient foreign = world.client(east.relay(), world.west.svid(world.west.clientId()));
        assertThat(foreign.open(World.AUTHORITY).status())
                .as("a workload of another network")
                .isEqualTo("403");
    }

    @Test
    void a_hundred_and_twenty_tunnels_take_two_connections() throws Exception {
        world.keep(Backend.echo(world.west.addPod()));
        world.west.start(world.west.addGateway());
        HboneClient client = client(startEast());
        assertThat(client.open(World.AUTHORITY).status()).isEqualTo("200");
        List<Tunnel> tunnels = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            tunnels.add(client.open(World.AUTHORITY).write("n" + i));
        }
        for (int i = 0; i < 120; i++) {
            assertThat(tunnels.get(i).read(("n" + i).length())).isEqualTo("n" + i);
        }
        assertThat(world.west.count("gateway.connections.opened", "listener", "hbone"))
                .isEqualTo(2);
    }

    @Test
    void streams_on_a_path_that_is_down_are_reset() throws Exception {
        world.keep(Backend.echo(world.west.addPod()));
        SocketAddress west = world.west.addGateway();
        world.west.start(west);
        World.Running east = startEast();
        Tunnel tunnel = client(east).open(World.AUTHORITY);
        assertThat(tunnel.status()).isEqualTo("200");
        east.gateway().onPaths(down(west));
        assertThat(tunnel.resetCode()).isEqualTo(0x8);
    }

    @Test
    void a_service_that_holds_keeps_its_streams_on_a_path_that_is_down() throws Exception {
        world.holding();
        world.keep(Backend.echo(world.west.addPod()));
        SocketAddress west = world.west.addGateway();
        world.west.start(west);
        World.Running east = startEast();
        Tunnel tunnel = client(east).open(World.AUTHORITY);
        assertThat(tunnel.status()).isEqualTo("200");
        east.gateway().onPaths(down(west));
        tunnel.write("held");
        assertThat(tunnel.read(4)).isEqualTo("held");
    }

    @Test
    void a_dial_that_waits_on_a_path_that_goes_down_moves_on() throws Exception {
        Backend here = world.keep(Backend.echo(world.east.addPod()));
        world.west.addPod();
        SocketAddress silent = blackHole();
        World.Running east = startEast();
        Tunnel tunnel = client(east).open(World.AUTHORITY);
        east.gateway().onPaths(down(silent));
        assertThat(tunnel.status()).isEqualTo("200");
        await().untilAsserted(() -> assertThat(here.count()).isEqualTo(1));
    }

    private static PathTable down(SocketAddress address) {
        return new PathTable(Map.of(address, new PathTable.PathView(PathState.DOWN, Duration.ZERO)));
    }

    @Test
    void a_tunnel_is_carried_with_a_renewed_identity() throws Exception {
        world.keep(Backend.echo(world.west.addPod()));
        world.west.start(world.west.addGateway());
        World.Running east = startEast();
        HboneClient client = client(east);
        Tunnel old = client.open(World.AUTHORITY);
        assertThat(old.status()).isEqualTo("200");
        east.credentials().set(world.east.svid(world.east.gatewayId()));
        await().untilAsserted(() -> {
            assertThat(client.open(World.AUTHORITY).status()).isEqualTo("200");
            assertThat(world.west.count("gateway.connections.opened", "listener", "hbone"))
                    .as("a new key takes a new connection")
                    .isEqualTo(2);
        });
        old.write("old");
        assertThat(old.read(3)).as("what is open goes on").isEqualTo("old");
    }

    @Test
    void a_peer_that_is_trusted_no_more_is_cut_off_on_either_side() throws Exception {
        world.keep(Backend.echo(world.west.addPod()));
        World.Running west = world.west.start(world.west.addGateway());
        World.Running east = startEast();
        Tunnel relayed = client(east).open(World.AUTHORITY);
        assertThat(relayed.status()).isEqualTo("200");
        Tunnel direct = world.client(west.hbone(), world.east.svid(world.east.clientId()))
                .open(World.AUTHORITY);
        assertThat(direct.status()).isEqualTo("200");
        west.credentials().set(TrustBundles.EMPTY);
        assertThat(direct.resetCode()).as("by us").isEqualTo(0x8);
        assertThat(relayed.resetCode()).as("passed on").isEqualTo(0x8);
    }
}
