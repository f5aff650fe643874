package io.beringia.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.HboneClient.Tunnel;
import io.beringia.gateway.drain.DrainConfig;
import io.beringia.gateway.drain.Residue;
import io.beringia.trust.identity.TrustBundles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a gateway lets go: of everything at its end, of old connections while it lives. */
final class DrainTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private final World world = new World();
    private final SocketAddress pod = world.west.addPod();

    @AfterEach
    void ends() throws Exception {
        world.close();
    }

    private World.Running start() throws Exception {
        SocketAddress hbone = world.west.addGateway();
        world.publish();
        world.keep(Backend.echo(pod));
        return world.west.start(hbone);
    }

    private HboneClient client(World.Running gateway) throws Exception {
        return world.client(gateway.hbone(), world.east.svid(world.east.clientId()));
    }

    private static CompletableFuture<Residue> drain(World.Running gateway, DrainConfig how) {
        CompletableFuture<Residue> left = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> left.complete(gateway.gateway().drain(how)));
        return left;
    }

    @Test
    void goes_on_accepting_while_others_learn_that_it_is_not_ready() throws Exception {
        World.Running gateway = start();
        drain(gateway, new DrainConfig(Duration.ofMinutes(1), Duration.ZERO, Duration.ZERO));
        await().untilAsserted(() -> assertThat(gateway.gateway().awaited()).isNotEmpty());
        Tunnel tunnel = client(gateway).open(World.AUTHORITY);
        assertThat(tunnel.status()).as("on a connection that came after").isEqualTo("200");
        assertThat(tunnel.write("served").read(6)).isEqualTo("served");
    }

    @Test
    void who_came_while_it_went_on_accepting_hears_goodbye_too() throws Exception {
        World.Running gateway = start();
        CompletableFuture<Residue> left = drain(gateway, new DrainConfig(Duration.ofSeconds(1), Duration.ZERO, LONG));
        await().untilAsserted(() -> assertThat(gateway.gateway().awaited()).isNotEmpty());
        HboneClient client = client(gateway);
        Tunnel tunnel = client.open(World.AUTHORITY);
        assertThat(tunnel.status()).isEqualTo("200");
        assertThat(client.nextGoodbye()).isEqualTo(Integer.MAX_VALUE);
        assertThat(client.nextGoodbye()).isEqualTo(3);
        assertThat(tunnel.write("still here").finish().drain()).isEqualTo(10);
        assertThat(client.isClosedByPeer()).as("after its last tunnel").isTrue();
        assertThat(left.get()).isEqualTo(Residue.NOTHING);
    }

    @Test
    void what_is_left_at_the_deadline_is_told_and_ends_in_slices() throws Exception {
        world.looping(2);
        World.Running gateway = start();
        List<Tunnel> tunnels = new ArrayList<>();
        HboneClient one = client(gateway);
        HboneClient other = client(gateway);
        for (int i = 0; i < 20; i++) {
            tunnels.add((i < 15 ? one : other).open(World.AUTHORITY));
            assertThat(tunnels.getLast().status()).isEqualTo("200");
        }
        CompletableFuture<Residue> left = drain(gateway, DrainConfig.AT_ONCE);
        assertThat(tunnels.getFirst().resetCode()).as("the oldest first").isEqualTo(0x8);
        assertThat(left).as("the rest goes on").isNotDone();
        assertThat(tunnels.get(14).write("on").read(2)).isEqualTo("on");
        assertThat(world.west.count("gateway.drain.left")).isEqualTo(20);
        gateway.gateway().close();
        for (Tunnel tunnel : tunnels.subList(1, 20)) {
            assertThat(tunnel.resetCode()).isEqualTo(0x8);
        }
    }

    @Test
    void says_whose_tunnels_were_left_and_to_what() throws Exception {
        World.Running gateway = start();
        Tunnel tunnel = client(gateway).open(World.AUTHORITY);
        assertThat(tunnel.status()).isEqualTo("200");
        Residue left = drain(gateway, DrainConfig.AT_ONCE).get();
        assertThat(tunnel.resetCode()).isEqualTo(0x8);
        assertThat(left.clients()).isEqualTo(Map.of(world.east.clientId(), 1));
        assertThat(left.shownServices()).isEqualTo(World.AUTHORITY + " x1");
    }

    @Test
    void an_old_connection_is_told_goodbye_and_its_tunnel_goes_on() throws Exception {
        world.ageing(Duration.ofSeconds(1));
        World.Running gateway = start();
        HboneClient client = client(gateway);
        Tunnel tunnel = client.open(World.AUTHORITY);
        assertThat(tunnel.status()).isEqualTo("200");
        assertThat(client.nextGoodbye()).isEqualTo(Integer.MAX_VALUE);
        assertThat(client.nextGoodbye()).isEqualTo(3);
        assertThat(tunnel.write("still here").read(10)).isEqualTo("still here");
        assertThat(client(gateway).open(World.AUTHORITY).status())
                .as("a new connection")
                .isEqualTo("200");
        assertThat(tunnel.finish().drain()).isZero();
        assertThat(client.isClosedByPeer()).as("after its last tunnel").isTrue();
        assertThat(world.west.count("gateway.connections.retired")).isPositive();
    }

    @Test
    void a_peer_that_is_trusted_no_more_is_cut_off_after_its_goodbye_too() throws Exception {
        world.ageing(Duration.ofSeconds(1));
        World.Running gateway = start();
        HboneClient client = client(gateway);
        Tunnel tunnel = client.open(World.AUTHORITY);
        assertThat(tunnel.status()).isEqualTo("200");
        client.nextGoodbye();
        client.nextGoodbye();
        gateway.credentials().set(TrustBundles.EMPTY);
        assertThat(tunnel.resetCode()).as("CANCEL, at once").isEqualTo(0x8);
    }

    @Test
    void an_old_connection_of_our_own_gets_nothing_new_and_keeps_what_it_has() throws Exception {
        World.Running west = start();
        world.ageing(Duration.ofSeconds(1));
        SocketAddress hbone = world.east.addGateway();
        world.publish();
        World.Running east = world.east.start(hbone);
        HboneClient client = world.client(east.relay(), world.east.svid(world.east.clientId()));
        Tunnel old = client.open(World.AUTHORITY);
        assertThat(old.status()).isEqualTo("200");
        await().untilAsserted(() -> {
            HboneClient fresh = world.client(east.relay(), world.east.svid(world.east.clientId()));
            assertThat(fresh.open(World.AUTHORITY).status()).isEqualTo("200");
            assertThat(world.west.count("gateway.connections.opened")).isGreaterThanOrEqualTo(2);
        });
        assertThat(world.west.count("gateway.connections.retired"))
                .as("the other side keeps its own for half an hour")
                .isZero();
        assertThat(old.write("still here").finish().drain()).isEqualTo(10);
        assertThat(west.gateway().open()).isPositive();
    }
}
