package io.beringia.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.HboneClient.Tunnel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One pooled connection of two gateways falls silent, while every new one between them would do. */
final class FrozenConnectionTest {
    private static final int CALLS = 300;
    private static final int AT_ONCE = 10;

    private final World world = new World();

    @AfterEach
    void ends() throws Exception {
        world.close();
    }

    private Wire gateway(int host) throws Exception {
        SocketAddress listed = world.west.addGateway();
        SocketAddress real = world.west.pod(host);
        world.west.start(real);
        return world.keep(new Wire(listed, real));
    }

    private static Tunnel served(HboneClient client) throws Exception {
        Tunnel tunnel = client.open(World.AUTHORITY);
        tunnel.write("ok");
        return tunnel;
    }

    /** Opens them side by side, and expects each to be served. */
    private static List<Tunnel> served(HboneClient client, int count) throws Exception {
        List<Tunnel> tunnels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tunnels.add(served(client));
        }
        for (Tunnel tunnel : tunnels) {
            assertThat(tunnel.status()).isEqualTo("200");
            assertThat(tunnel.read(2)).isEqualTo("ok");
        }
        return tunnels;
    }

    @Test
    void a_connection_that_falls_silent_gets_no_new_tunnels() throws Exception {
        world.keep(Backend.echo(world.west.addPod()));
        Wire first = gateway(7);
        gateway(8);
        SocketAddress hbone = world.east.addGateway();
        world.publish();
        HboneClient client = world.client(world.east.start(hbone).relay(), world.east.svid(world.east.clientId()));
        List<Tunnel> old = served(client, AT_ONCE);
        first.freezeOpen();
        for (int i = 0; i < CALLS; i += AT_ONCE) {
            for (Tunnel tunnel : served(client, AT_ONCE)) {
                tunnel.finish();
            }
        }
        assertThat(world.east.count("gateway.tunnels.refused")).isZero();
        double arrived = arrived();
        first.thaw();
        for (Tunnel tunnel : old) {
            tunnel.write("still here");
            assertThat(tunnel.read(10)).as("passed by, not reset").isEqualTo("still here");
        }
        assertThat(arrived() - arrived)
                .as("were on the silent connection, before these words: those alone who met the silence first")
                .isBetween(1.0, (double) AT_ONCE);
    }

    /** Requests that the gateways there have read. */
    private double arrived() {
        return world.west.count("gateway.tunnels.opened")
                + world.west.count("gateway.tunnels.refused")
                + world.west.count("gateway.tunnels.abandoned");
    }
}
