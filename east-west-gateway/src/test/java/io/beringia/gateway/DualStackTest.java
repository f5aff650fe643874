package io.beringia.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.HboneClient.Tunnel;
import java.net.Inet4Address;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Gateways that speak IPv6 with each other and their clients, and IPv4 with pods. */
final class DualStackTest {
    private final World world = new World().dualStack();
    private final SocketAddress pod = world.west.addPod();

    @AfterEach
    void ends() throws Exception {
        world.close();
    }

    private World.Running west() throws Exception {
        SocketAddress hbone = world.west.addGateway();
        world.publish();
        return world.west.start(hbone);
    }

    @Test
    void a_tunnel_comes_by_ipv6_and_ends_at_an_ipv4_pod() throws Exception {
        Backend backend = world.keep(Backend.manual(pod));
        World.Running gateway = west();
        assertThat(gateway.hbone()).asString().startsWith("[::1]:");
        Tunnel tunnel = world.client(gateway.hbone(), world.east.svid(world.east.clientId()))
                .open(World.AUTHORITY);
        assertThat(tunnel.status()).isEqualTo("200");
        try (Socket socket = backend.next()) {
            assertThat(socket.getInetAddress()).isInstanceOf(Inet4Address.class);
        }
    }

    @Test
    void a_relayed_tunnel_crosses_two_gateways_by_ipv6() throws Exception {
        world.keep(Backend.echo(pod));
        west();
        SocketAddress hbone = world.east.addGateway();
        world.publish();
        World.Running east = world.east.start(hbone);
        Tunnel tunnel = world.client(east.relay(), world.east.svid(world.east.clientId()))
                .open(World.AUTHORITY);
        assertThat(tunnel.status()).isEqualTo("200");
        assertThat(tunnel.write("six").finish().drain()).isEqualTo(3);
        assertThat(world.west.count("gateway.tunnels.opened", "listener", "hbone"))
                .isEqualTo(1);
    }
}
