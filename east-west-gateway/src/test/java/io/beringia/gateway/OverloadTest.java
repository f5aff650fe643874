package io.beringia.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.HboneClient.Tunnel;
import io.beringia.gateway.limits.DirectMemory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** A gateway whose process runs short of memory outside the heap: the test takes it, Netty's own counter tells. */
@Isolated("takes nearly all direct memory of the process")
@Timeout(120)
final class OverloadTest {
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final double REFUSING = 0.925;
    private static final double SHEDDING = 0.965;
    private static final double CLOSED = 0.983;

    private final World world = new World();
    private final List<ByteBuf> taken = new ArrayList<>();
    private final List<HboneClient> clients = new ArrayList<>();
    private final List<Tunnel> tunnels = new ArrayList<>();
    private World.Running gateway;

    @BeforeEach
    void serves() throws Exception {
        world.keep(Backend.echo(world.west.addPod()));
        SocketAddress hbone = world.west.addGateway();
        world.publish();
        gateway = world.west.start(hbone);
        for (int i = 0; i < 3; i++) {
            clients.add(client());
            tunnels.add(clients.get(i).open(World.AUTHORITY));
        }
        stillThere();
    }

    @AfterEach
    void ends() throws Exception {
        release();
        world.close();
    }

    private HboneClient client() throws Exception {
        return world.client(gateway.hbone(), world.east.svid(world.east.clientId()));
    }

    private void stillThere() throws Exception {
        for (Tunnel tunnel : tunnels) {
            assertThat(tunnel.write("still here").read(10)).isEqualTo("still here");
        }
    }

    /** So much of all direct memory is in use then. */
    private void take(double part) {
        long bytes = Math.round(DirectMemory.maxBytes() * part) - DirectMemory.usedBytes();
        taken.add(UnpooledByteBufAllocator.DEFAULT.directBuffer(Math.toIntExact(bytes)));
    }

    private void release() {
        taken.forEach(ByteBuf::release);
        taken.clear();
    }

    private void awaitLevel(String level) {
        await().atMost(WAIT)
                .untilAsserted(() -> assertThat(world.west.count("gateway.overload.changed", "level", level))
                        .isPositive());
    }

    private String asked() throws Exception {
        return clients.getFirst().open(World.AUTHORITY).status();
    }

    @Test
    void refuses_new_tunnels_first_and_keeps_the_old_ones() throws Exception {
        take(REFUSING);
        awaitLevel("refusing");
        assertThat(asked()).isEqualTo("503");
        stillThere();
        assertThat(world.west.count("gateway.connections.shed")).isZero();
        release();
        await().atMost(WAIT).untilAsserted(() -> assertThat(asked()).isEqualTo("200"));
    }

    @Test
    void then_says_goodbye_to_each_connection_once_the_youngest_first() throws Exception {
        take(SHEDDING);
        for (HboneClient client : clients.reversed()) {
            assertThat(client.nextGoodbye()).isEqualTo(Integer.MAX_VALUE);
        }
        stillThere();
        release();
        awaitLevel("none");
        assertThat(world.west.count("gateway.connections.shed")).isEqualTo(3);
    }

    /**
     * One event loop: whoever came would be accepted before the bytes that are sent after it are echoed. The first one may be:
     * it was waited for before.
     */
    @Test
    void at_last_it_accepts_nobody_until_it_has_memory_again() throws Exception {
        take(CLOSED);
        awaitLevel("closed");
        stillThere();
        try (SocketChannel last = SocketChannel.open(HboneClient.inet(gateway.hbone()))) {
            stillThere();
            assertThat(last.isConnected()).isTrue();
        }
        await().atMost(WAIT).untilAsserted(() -> assertThat(connections()).isEqualTo(3));
        try (SocketChannel waits = SocketChannel.open(HboneClient.inet(gateway.hbone()))) {
            stillThere();
            assertThat(connections()).as("it waits in the kernel").isEqualTo(3);
            release();
            await().atMost(WAIT)
                    .untilAsserted(
                            () -> assertThat(connections()).as("accepted").isEqualTo(4));
            assertThat(waits.isConnected()).isTrue();
        }
        assertThat(client().open(World.AUTHORITY).status()).isEqualTo("200");
        stillThere();
    }

    private long connections() {
        return (long) world.west.meters.get("gateway.connections.open").gauge().value();
    }
}
