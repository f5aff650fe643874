package io.beringia.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.HboneClient.Tunnel;
import io.beringia.gateway.limits.HandshakeRates;
import io.beringia.gateway.limits.LimitsConfig;
import io.beringia.gateway.limits.PeerAllowance;
import io.beringia.trust.identity.SpiffeId;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Peers that want more than they may have, and neighbours that notice nothing. */
final class PeerLimitsTest {
    private static final long ENHANCE_YOUR_CALM = 0xb;
    private static final long CANCEL = 0x8;

    private final World world = new World();
    private final List<SocketChannel> silent = new ArrayList<>();

    @AfterEach
    void ends() throws Exception {
        for (SocketChannel one : silent) {
            one.close();
        }
        world.close();
    }

    private World.Running start(LimitsConfig limits) throws Exception {
        world.limited(limits);
        SocketAddress hbone = world.west.addGateway();
        world.keep(Backend.echo(world.west.addPod()));
        World.Running gateway = world.west.start(hbone);
        world.publish();
        return gateway;
    }

    private static LimitsConfig ofClient(int connections, int tunnels, int newTunnels) {
        return LimitsConfig.ofProcess().withClient(new PeerAllowance(connections, tunnels, newTunnels));
    }

    private HboneClient client(World.Running gateway, String account) throws Exception {
        return world.client(gateway.hbone(), world.east.svid(SpiffeId.ofWorkload(World.MESH, "demo", account)));
    }

    private double limited(String reason) {
        return world.west.count("gateway.peers.limited", "reason", reason);
    }

    private double refused(String reason) {
        return world.west.count("gateway.connections.refused", "reason", reason);
    }

    private static Tunnel served(HboneClient client) throws Exception {
        Tunnel tunnel = client.open(World.AUTHORITY);
        assertThat(tunnel.status()).isEqualTo("200");
        return tunnel;
    }

    @Test
    void a_client_with_its_fill_of_tunnels_is_answered_503_until_one_has_ended() throws Exception {
        World.Running gateway = start(ofClient(64, 2, 500));
        HboneClient greedy = client(gateway, "greedy");
        Tunnel first = served(greedy);
        served(client(gateway, "greedy"));
        assertThat(greedy.open(World.AUTHORITY).status()).isEqualTo("503");
        assertThat(limited("tunnels")).isEqualTo(1);
        assertThat(world.west.count("gateway.tunnels.refused", "reason", "overloaded"))
                .isEqualTo(1);
        served(client(gateway, "neighbour"));
        first.reset(CANCEL);
        await().until(() -> greedy.open(World.AUTHORITY).status().equals("200"));
    }

    @Test
    void tunnels_of_a_connection_that_is_gone_are_counted_no_more() throws Exception {
        World.Running gateway = start(ofClient(64, 2, 500));
        HboneClient gone = client(gateway, "greedy");
        served(gone);
        served(gone);
        gone.close();
        HboneClient next = client(gateway, "greedy");
        await().until(() -> next.open(World.AUTHORITY).status().equals("200"));
        await().untilAsserted(() -> assertThat(
                        world.west.meters.get("gateway.tunnels.open").gauge().value())
                .isEqualTo(1));
    }

    @Test
    void a_client_with_its_fill_of_connections_is_told_to_calm_down_and_closed() throws Exception {
        World.Running gateway = start(ofClient(2, 1_000, 500));
        HboneClient first = client(gateway, "greedy");
        Tunnel old = served(client(gateway, "greedy"));
        HboneClient third = client(gateway, "greedy");
        assertThat(third.nextGoodbyeCode()).isEqualTo(ENHANCE_YOUR_CALM);
        assertThat(third.isClosedByPeer()).isTrue();
        assertThat(limited("connections")).isEqualTo(1);
        assertThat(refused("peer")).isEqualTo(1);
        assertThat(old.write("still").read(5)).isEqualTo("still");
        served(client(gateway, "neighbour"));
        first.close();
        await().ignoreExceptions()
                .until(() ->
                        client(gateway, "greedy").open(World.AUTHORITY).status().equals("200"));
    }

    @Test
    void new_tunnels_beyond_their_rate_are_refused_and_a_flood_of_them_ends_its_connection() throws Exception {
        World.Running gateway = start(ofClient(64, 1_000, 1));
        Tunnel bystander = served(client(gateway, "bystander"));
        HboneClient greedy = client(gateway, "greedy");
        served(greedy);
        served(greedy);
        assertThat(greedy.open(World.AUTHORITY).status()).isEqualTo("503");
        assertThat(limited("new-tunnels")).isEqualTo(1);
        greedy.flood(World.AUTHORITY, 10);
        assertThat(greedy.nextGoodbyeCode()).isEqualTo(ENHANCE_YOUR_CALM);
        assertThat(greedy.isClosedByPeer()).isTrue();
        assertThat(limited("flood")).isEqualTo(1);
        assertThat(bystander.write("still").read(5)).isEqualTo("still");
    }

    @Test
    void a_gateway_that_the_catalog_lists_has_more_than_a_client() throws Exception {
        World.Running gateway = start(ofClient(64, 1, 500));
        world.east.addGateway();
        world.publish();
        HboneClient peer = world.client(gateway.hbone(), world.east.svid(world.east.gatewayId()));
        for (int i = 0; i < 5; i++) {
            assertThat(peer.open(World.AUTHORITY, vouching()).status()).isEqualTo("200");
        }
    }

    private Map<String, String> vouching() {
        return Map.of(
                "x-beringia-hop", "1",
                "x-beringia-origin-cluster", world.east.cluster().toString(),
                "x-beringia-origin-region", world.east.region().toString(),
                "x-beringia-origin-network", world.east.network().toString(),
                "x-beringia-chosen-region", world.west.region().toString(),
                "x-beringia-source-identity", world.east.clientId().toString(),
                "x-beringia-connection-id", "0af7651916cd43dd8448eb211c80319c");
    }

    @Test
    void handshakes_of_one_source_wait_for_their_turns_and_are_refused_when_too_many_wait() throws Exception {
        World.Running gateway = start(LimitsConfig.ofProcess().withHandshakes(new HandshakeRates(1, 1_000)));
        Tunnel old = served(client(gateway, "neighbour"));
        callUntilRefused(gateway, "source");
        assertThat(old.write("still").read(5)).isEqualTo("still");
        await().ignoreExceptions()
                .until(() -> client(gateway, "patient")
                        .open(World.AUTHORITY)
                        .status()
                        .equals("200"));
    }

    @Test
    void all_handshakes_of_an_event_loop_wait_for_their_turns() throws Exception {
        World.Running gateway = start(LimitsConfig.ofProcess().withHandshakes(new HandshakeRates(1_000, 1)));
        Tunnel old = served(client(gateway, "neighbour"));
        callUntilRefused(gateway, "loop");
        assertThat(old.write("still").read(5)).isEqualTo("still");
    }

    private void callUntilRefused(World.Running gateway, String whose) {
        await().until(() -> {
            silent.add(SocketChannel.open(HboneClient.inet(gateway.hbone())));
            return refused(whose) > 0;
        });
        assertThat(world.west.count("gateway.handshakes.delayed", "reason", whose))
                .isPositive();
    }
}
