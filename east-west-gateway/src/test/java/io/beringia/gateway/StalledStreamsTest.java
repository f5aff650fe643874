package io.beringia.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.HboneClient.Tunnel;
import io.beringia.gateway.limits.LimitsConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Very many streams whose other side takes nothing, over many connections, in a process that may hold 1 MiB. */
final class StalledStreamsTest {
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final long LIMIT = 1024 * 1024;
    private static final int FRAME = 64 * 1024;
    private static final int CONNECTIONS = 4;
    private static final int STREAMS = 6;
    /** The kernel takes some 3 MiB of each that nobody has read. */
    private static final int FRAMES = 80;

    private final World world =
            new World().limited(LimitsConfig.ofProcess().withTunnelBytes(LIMIT).withStall(Duration.ofSeconds(1)));
    private final List<HboneClient> clients = new ArrayList<>();
    private final List<Tunnel> stalled = new ArrayList<>();
    private Backend backend;
    private World.Running gateway;

    @BeforeEach
    void starts() throws Exception {
        SocketAddress hbone = world.west.addGateway();
        backend = world.keep(Backend.at(world.west.addPod(), 4096, socket -> {
            byte[] first = socket.getInputStream().readNBytes(4);
            switch (new String(first, java.nio.charset.StandardCharsets.US_ASCII)) {
                case "echo" -> socket.getInputStream().transferTo(socket.getOutputStream());
                case "pour" -> socket.getOutputStream().write(new byte[FRAMES * FRAME]);
                case String _ -> {}
            }
        }));
        gateway = world.west.start(hbone);
        world.publish();
    }

    @AfterEach
    void ends() throws Exception {
        world.close();
    }

    private HboneClient client() throws Exception {
        HboneClient client = world.client(gateway.hbone(), world.east.svid(world.east.clientId()));
        clients.add(client);
        return client;
    }

    private long held() {
        return (long) world.west.meters.get("gateway.bytes.held").gauge().value();
    }

    private double shed() {
        return world.west.count("gateway.tunnels.shed");
    }

    private void stall() throws Exception {
        for (int connection = 0; connection < CONNECTIONS; connection++) {
            HboneClient client = client();
            for (int stream = 0; stream < STREAMS; stream++) {
                stalled.add(client.open(World.AUTHORITY).write("stop"));
            }
        }
        byte[] bytes = new byte[FRAME];
        for (Tunnel tunnel : stalled) {
            assertThat(tunnel.status()).isEqualTo("200");
            for (int frame = 0; frame < FRAMES; frame++) {
                tunnel.write(bytes);
            }
        }
    }

    @Test
    void they_hold_no_more_than_the_process_may_and_neighbours_go_on() throws Exception {
        Tunnel neighbour = client().open(World.AUTHORITY).write("echo");
        stall();
        await().atMost(WAIT)
                .untilAsserted(() ->
                        assertThat(shed()).as("tunnels cut, held " + held()).isPositive());
        for (int i = 0; i < 100; i++) {
            assertThat(neighbour.write("still here").read(10)).isEqualTo("still here");
            assertThat(held()).as("bytes held").isLessThan(LIMIT + FRAME);
        }
        Tunnel another = client().open(World.AUTHORITY).write("echo");
        assertThat(another.write("hello").read(5)).isEqualTo("hello");
    }

    /** A backend waits as long as one wants, so nothing else would ever end these. */
    @Test
    void clients_that_take_nothing_of_their_downloads_lose_them_while_the_room_is_needed() throws Exception {
        Tunnel neighbour = client().open(World.AUTHORITY).write("echo");
        for (int connection = 0; connection < CONNECTIONS; connection++) {
            HboneClient client = client();
            for (int stream = 0; stream < STREAMS; stream++) {
                Tunnel tunnel = client.open(World.AUTHORITY);
                assertThat(tunnel.status()).isEqualTo("200");
                tunnel.stall();
                tunnel.write("pour");
            }
        }
        await().atMost(WAIT).untilAsserted(() -> {
            assertThat(shed()).as("tunnels cut").isPositive();
            assertThat(held()).as("bytes held").isLessThanOrEqualTo(LIMIT / 2);
        });
        assertThat(neighbour.write("still here").read(10)).isEqualTo("still here");
    }

    @Test
    void what_they_held_is_given_back_with_them() throws Exception {
        stall();
        await().atMost(WAIT)
                .untilAsserted(() -> assertThat(held()).as("bytes held").isPositive());
        clients.forEach(HboneClient::close);
        backend.close();
        await().atMost(WAIT)
                .untilAsserted(() -> assertThat(held()).as("bytes held").isZero());
    }
}
