package io.beringia.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.HboneClient.Tunnel;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tunnels that others were seen to cut short, to stall, or to fill with crumbs. */
final class LongTunnelTest {
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int DOWNLOAD_BYTES = 16 * 1024 * 1024;
    /** Windows of both legs, buffers of all sockets; what is more is kept nowhere. */
    private static final long UNDER_WAY_BYTES_MAX = 14L * 1024 * 1024;

    /** A backend that wrote nothing for so long is held up. */
    private static final Duration STILL = Duration.ofMillis(500);

    private final World world = new World();
    private final SocketAddress pod = world.west.addPod();

    @AfterEach
    void ends() throws Exception {
        world.close();
    }

    private HboneClient through(boolean relay) throws Exception {
        World.Running west = world.west.start(world.west.addGateway());
        SocketAddress hbone = world.east.addGateway();
        world.publish();
        SocketAddress to = relay ? world.east.start(hbone).relay() : west.hbone();
        return world.client(to, world.east.svid(world.east.clientId()));
    }

    /** envoyproxy/envoy#47378: the backend is done long before the client has all of it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_download_whose_backend_is_gone_arrives_whole(boolean relay) throws Exception {
        Backend backend = world.keep(Backend.manual(pod));
        Tunnel tunnel = through(relay).open(World.AUTHORITY);
        assertThat(tunnel.status()).isEqualTo("200");
        tunnel.finish();
        tunnel.stall();
        AtomicLong written = new AtomicLong();
        Thread.ofVirtual().start(() -> writeAndLeave(backend, written));
        AtomicLong before = new AtomicLong();
        await().during(STILL).until(() -> before.getAndSet(written.get()) == written.get() && written.get() > 0);
        assertThat(written.get()).as("bounded by windows while nobody reads").isLessThan(UNDER_WAY_BYTES_MAX);
        tunnel.unstall();
        assertThat(tunnel.drain()).isEqualTo(DOWNLOAD_BYTES);
    }

    private static void writeAndLeave(Backend backend, AtomicLong written) {
        try (Socket socket = backend.next()) {
            OutputStream out = socket.getOutputStream();
            byte[] chunk = new byte[CHUNK_BYTES];
            while (written.get() < DOWNLOAD_BYTES) {
                out.write(chunk);
                written.addAndGet(CHUNK_BYTES);
            }
        } catch (IOException | InterruptedException cut) {
            // The count says how far it came.
        }
    }

    /** istio/ztunnel#2100: the crumbs of one application tripped a budget of the connection, and cut all its tunnels. */
    @Test
    void many_small_messages_leave_their_neighbours_alone() throws Exception {
        world.keep(Backend.echo(pod));
        HboneClient client = through(true);
        List<Tunnel> idle = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            idle.add(client.open(World.AUTHORITY));
        }
        for (Tunnel neighbour : idle) {
            assertThat(neighbour.write("hello").read(5)).isEqualTo("hello");
        }
        Tunnel chatty = client.open(World.AUTHORITY);
        assertThat(chatty.status()).isEqualTo("200");
        byte[] message = new byte[64];
        int count = 20_000;
        for (int i = 0; i < count; i++) {
            chatty.write(message);
        }
        chatty.finish();
        assertThat(chatty.drain()).isEqualTo((long) count * message.length);
        assertThat(chatty.emptyFrames()).isZero();
        for (Tunnel neighbour : idle) {
            assertThat(neighbour.write("still").read(5)).isEqualTo("still");
        }
    }
}
