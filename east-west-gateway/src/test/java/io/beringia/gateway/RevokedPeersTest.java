package io.beringia.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.HboneClient.Tunnel;
import io.beringia.trust.identity.X509Svid;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whom its issuer takes back while it is connected, and who stays. */
final class RevokedPeersTest {
    private final World world = new World();
    private final SocketAddress pod = world.west.addPod();

    @AfterEach
    void ends() throws Exception {
        world.close();
    }

    private World.Running west() throws Exception {
        SocketAddress hbone = world.west.addGateway();
        world.publish();
        world.keep(Backend.echo(pod));
        return world.west.start(hbone);
    }

    private Tunnel tunnel(SocketAddress to, X509Svid svid) throws Exception {
        Tunnel tunnel = world.client(to, svid).open(World.AUTHORITY);
        assertThat(tunnel.status()).isEqualTo("200");
        return tunnel;
    }

    private static void stillCarries(Tunnel tunnel) throws Exception {
        assertThat(tunnel.write("still here").finish().drain()).isEqualTo(10);
    }

    @Test
    void a_leaf_that_is_taken_back_loses_its_tunnels_and_its_neighbours_keep_theirs() throws Exception {
        World.Running gateway = west();
        X509Svid stolen = world.east.svid(world.east.clientId());
        Tunnel tunnel = tunnel(gateway.hbone(), stolen);
        Tunnel neighbour = tunnel(gateway.hbone(), world.east.svid(world.east.clientId()));

        gateway.credentials().set(world.without(stolen.leaf()));

        assertThat(tunnel.resetCode()).isPositive();
        stillCarries(neighbour);
        await().untilAsserted(() -> assertThat(world.west.count("gateway.peers.rejected", "reason", "revoked"))
                .isEqualTo(1));
    }

    @Test
    void an_intermediate_that_is_taken_back_takes_all_below_it_along_and_nobody_else() throws Exception {
        World.Running gateway = west();
        X509Svid stolen = world.east.svid(world.east.clientId());
        Tunnel tunnel = tunnel(gateway.hbone(), stolen);
        Tunnel other = tunnel(gateway.hbone(), world.east.svid(world.east.clientId()));
        Tunnel elsewhere = tunnel(gateway.hbone(), world.west.svid(world.west.clientId()));
        X509Certificate intermediate = stolen.chain().get(1);

        gateway.credentials().set(world.without(intermediate));

        assertThat(tunnel.resetCode()).isPositive();
        assertThat(other.resetCode()).isPositive();
        stillCarries(elsewhere);
        assertThat(world.west.count("gateway.peers.rejected", "reason", "revoked"))
                .isEqualTo(2);
    }

    @Test
    void who_was_taken_back_does_not_come_in_again() throws Exception {
        World.Running gateway = west();
        X509Svid stolen = world.east.svid(world.east.clientId());
        Tunnel before = tunnel(gateway.hbone(), stolen);
        gateway.credentials().set(world.without(stolen.leaf()));
        assertThat(before.resetCode()).isPositive();

        assertThatThrownBy(() -> tunnel(gateway.hbone(), stolen)).isNotNull();

        await().untilAsserted(() -> assertThat(world.west.count("gateway.handshakes.failed", "reason", "revoked"))
                .isEqualTo(1));
        stillCarries(tunnel(gateway.hbone(), world.east.svid(world.east.clientId())));
    }

    @Test
    void a_gateway_that_is_taken_back_is_cut_off_by_whoever_dialled_it() throws Exception {
        World.Running remote = west();
        SocketAddress hbone = world.east.addGateway();
        world.publish();
        World.Running local = world.east.start(hbone);
        Tunnel tunnel = tunnel(local.relay(), world.east.svid(world.east.clientId()));

        local.credentials().set(world.without(remote.credentials().svid().leaf()));

        assertThat(tunnel.resetCode()).isPositive();
        await().untilAsserted(() -> assertThat(world.east.count("gateway.peers.rejected", "reason", "revoked"))
                .as("the gateway alone, not its client")
                .isEqualTo(1));
    }
}
