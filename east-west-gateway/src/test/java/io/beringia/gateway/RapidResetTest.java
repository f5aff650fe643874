package io.beringia.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.HboneClient.Tunnel;
import io.beringia.trust.identity.SpiffeId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A peer that opens streams only to take them back (CVE-2023-44487). */
final class RapidResetTest {
    private static final int MANY = 600;
    private static final long CANCEL = 0x8;

    private final World world = new World();
    private World.Running gateway;

    @BeforeEach
    void starts() throws Exception {
        SocketAddress hbone = world.west.addGateway();
        world.keep(Backend.echo(world.west.addPod()));
        gateway = world.west.start(hbone);
        world.publish();
    }

    @AfterEach
    void ends() throws Exception {
        world.close();
    }

    private HboneClient client(String account) throws Exception {
        return world.client(gateway.hbone(), world.east.svid(SpiffeId.ofWorkload(World.MESH, "demo", account)));
    }

    private double limited() {
        return world.west.count("gateway.peers.limited", "reason", "rapid-resets");
    }

    @Test
    void it_is_closed_and_nobody_elses_stream_is_touched() throws Exception {
        Tunnel bystander = client("bystander").open(World.AUTHORITY);
        assertThat(bystander.write("before").read(6)).isEqualTo("before");
        HboneClient attacker = client("attacker");
        takeBack(attacker);
        assertThat(attacker.isClosedByPeer()).isTrue();
        assertThat(limited()).isPositive();
        assertThat(bystander.write("after").read(5)).isEqualTo("after");
    }

    private static void takeBack(HboneClient client) {
        for (int i = 0; i < MANY; i++) {
            try {
                client.open(World.AUTHORITY).reset(CANCEL);
            } catch (Exception closed) {
                return;
            }
        }
    }

    @Test
    void an_application_that_uses_its_connections_may_abort_each_of_them() throws Exception {
        HboneClient impatient = client("impatient");
        Tunnel old = impatient.open(World.AUTHORITY);
        assertThat(old.write("before").read(6)).isEqualTo("before");
        for (int i = 0; i < MANY; i++) {
            impatient.open(World.AUTHORITY).write("x").reset(CANCEL);
        }
        assertThat(old.write("after").read(5)).isEqualTo("after");
        assertThat(limited()).isZero();
    }
}
