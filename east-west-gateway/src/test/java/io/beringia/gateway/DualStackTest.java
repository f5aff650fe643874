package io.beringia.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.HboneClient.Tunnel;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Gateways that speak IPv6 with each other and their clients, and either with pods. There is one IPv6 loopback address. */
@ResourceLock("[::1]:15008")
final class DualStackTest {
    private final World world = new World().dualStack();

    @AfterEach
    void ends() throws Exception {
        world.close();
    }

    /** Of IPv4 alone. */
    private SocketAddress pod() {
        return world.west.addPod();
    }

    /** Of both, IPv4 first. */
    private SocketAddress dualPod() {
        return world.west.addPod(List.of(World.LOOPBACK_V6));
    }

    private World.Running west() throws Exception {
        SocketAddress hbone = world.west.addGateway();
        world.publish();
        return world.west.start(hbone);
    }

    @Test
    void a_tunnel_comes_by_ipv6_and_ends_at_an_ipv4_pod() throws Exception {
        Backend backend = world.keep(Backend.manual(pod()));
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
    void a_pod_of_both_is_reached_by_the_gateways_own_family() throws Exception {
        world.keep(Backend.manual(dualPod()));
        Backend six = world.keep(Backend.manual(new SocketAddress(World.LOOPBACK_V6, World.HBONE_PORT)));
        assertThat(tunnel().status()).isEqualTo("200");
        try (Socket socket = six.next()) {
            assertThat(socket.getInetAddress()).isInstanceOf(Inet6Address.class);
        }
    }

    @Test
    void a_pod_of_both_that_answers_by_the_other_alone_is_reached_by_that() throws Exception {
        Backend four = world.keep(Backend.manual(dualPod()));
        assertThat(tunnel().status()).isEqualTo("200");
        try (Socket socket = four.next()) {
            assertThat(socket.getInetAddress()).isInstanceOf(Inet4Address.class);
        }
    }

    private Tunnel tunnel() throws Exception {
        return world.client(west().hbone(), world.east.svid(world.east.clientId()))
                .open(World.AUTHORITY);
    }

    @Test
    void a_relayed_tunnel_crosses_two_gateways_by_ipv6() throws Exception {
        world.keep(Backend.echo(pod()));
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
