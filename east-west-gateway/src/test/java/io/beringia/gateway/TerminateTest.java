package io.beringia.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.HboneClient.Tunnel;
import io.beringia.gateway.drain.DrainConfig;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Direct mode: a client of another cluster, the {@code hbone} listener, a pod. */
final class TerminateTest {
    private static final DrainConfig PATIENT =
            new DrainConfig(Duration.ZERO, Duration.ofMillis(500), Duration.ofSeconds(20));

    private final World world = new World();
    private final SocketAddress pod = world.west.addPod();
    private final World.Running gateway;

    TerminateTest() throws Exception {
        SocketAddress hbone = world.west.addGateway();
        world.publish();
        gateway = world.west.start(hbone);
    }

    @AfterEach
    void ends() throws Exception {
        world.close();
    }

    private HboneClient client() throws Exception {
        return world.client(gateway.hbone(), world.east.svid(world.east.clientId()));
    }

    private static String status(HboneClient client, String authority) throws Exception {
        return client.open(authority).status();
    }

    @Test
    void carries_bytes_both_ways_and_half_closes_each_by_itself() throws Exception {
        world.keep(Backend.echo(pod));
        Tunnel tunnel = client().open(World.AUTHORITY);
        assertThat(tunnel.status()).isEqualTo("200");
        assertThat(tunnel.answer().names()).as("a client learns nothing of us").hasSize(1);
        tunnel.write("hello");
        assertThat(tunnel.read(5)).isEqualTo("hello");
        tunnel.write("more").finish();
        assertThat(tunnel.drain()).isEqualTo(4);
        await().untilAsserted(() -> assertThat(world.west.count("gateway.tunnels.closed", "ending", "finished"))
                .isEqualTo(1));
        assertThat(world.west.count("gateway.bytes", "direction", "up")).isEqualTo(9);
    }

    @Test
    void a_download_outlives_the_clients_half_close() throws Exception {
        Backend backend = world.keep(Backend.manual(pod));
        Tunnel tunnel = client().open(World.AUTHORITY);
        assertThat(tunnel.status()).isEqualTo("200");
        tunnel.write("get").finish();
        try (Socket socket = backend.next()) {
            assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("get");
            byte[] chunk = new byte[64 * 1024];
            for (int i = 0; i < 64; i++) {
                socket.getOutputStream().write(chunk);
            }
        }
        assertThat(tunnel.drain()).isEqualTo(64 * 64 * 1024);
    }

    @Test
    void the_backend_may_half_close_first() throws Exception {
        Backend backend = world.keep(Backend.manual(pod));
        Tunnel tunnel = client().open(World.AUTHORITY);
        assertThat(tunnel.status()).isEqualTo("200");
        try (Socket socket = backend.next()) {
            socket.getOutputStream().write("bye".getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            assertThat(tunnel.drain()).isEqualTo(3);
            tunnel.write("late").finish();
            assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("late");
        }
    }

    @Test
    void a_reset_of_the_backend_is_a_connect_error_of_the_stream() throws Exception {
        Backend backend = world.keep(Backend.manual(pod));
        Tunnel tunnel = client().open(World.AUTHORITY);
        assertThat(tunnel.status()).isEqualTo("200");
        try (Socket socket = backend.next()) {
            socket.setSoLinger(true, 0);
        }
        assertThat(tunnel.resetCode()).isEqualTo(0xa);
    }

    @Test
    void a_reset_of_the_client_closes_the_backend() throws Exception {
        Backend backend = world.keep(Backend.manual(pod));
        Tunnel tunnel = client().open(World.AUTHORITY);
        assertThat(tunnel.status()).isEqualTo("200");
        tunnel.write("x");
        try (Socket socket = backend.next()) {
            InputStream in = socket.getInputStream();
            assertThat(in.read()).isEqualTo('x');
            tunnel.reset(0x8);
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void headers_after_the_answer_end_both_sides() throws Exception {
        Backend backend = world.keep(Backend.manual(pod));
        Tunnel tunnel = client().open(World.AUTHORITY);
        assertThat(tunnel.status()).isEqualTo("200");
        tunnel.headers(new DefaultHttp2Headers().set("x", "y"), true);
        assertThat(tunnel.resetCode()).isEqualTo(0x1);
        try (Socket socket = backend.next()) {
            assertThatThrownBy(() -> assertThat(socket.getInputStream().read()).isEqualTo(-2))
                    .as("the backend is cut off, not finished")
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void bytes_before_the_answer_reach_the_backend() throws Exception {
        world.keep(Backend.echo(pod));
        Tunnel tunnel = client().open(World.AUTHORITY).write("early");
        assertThat(tunnel.read(5)).isEqualTo("early");
    }

    @Test
    void bytes_of_a_refused_stream_are_dropped_and_neighbours_go_on() throws Exception {
        world.keep(Backend.echo(pod));
        HboneClient client = client();
        Tunnel neighbour = client.open(World.AUTHORITY);
        assertThat(neighbour.status()).isEqualTo("200");
        for (int i = 0; i < 8; i++) {
            Tunnel refused = client.open("nobody.demo.svc.cluster.local:80").write(new byte[200_000]);
            assertThat(refused.status()).isEqualTo("404");
        }
        neighbour.write("still here");
        assertThat(neighbour.read(10)).isEqualTo("still here");
    }

    @Test
    void a_hundred_and_fifty_streams_share_one_connection() throws Exception {
        world.keep(Backend.echo(pod));
        HboneClient client = client();
        assertThat(status(client, World.AUTHORITY)).isEqualTo("200");
        List<Tunnel> tunnels = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            tunnels.add(client.open(World.AUTHORITY));
        }
        for (int i = 0; i < tunnels.size(); i++) {
            assertThat(tunnels.get(i).status()).isEqualTo("200");
            tunnels.get(i).write("stream " + i);
        }
        for (int i = 0; i < tunnels.size(); i++) {
            String text = "stream " + i;
            assertThat(tunnels.get(i).read(text.length())).isEqualTo(text);
        }
        assertThat(world.west.count("gateway.connections.opened")).isEqualTo(1);
    }

    @Test
    void a_backend_that_does_not_read_stops_its_client_alone() throws Exception {
        Backend backend = world.keep(Backend.manual(pod));
        HboneClient client = client();
        Tunnel stalled = client.open(World.AUTHORITY);
        assertThat(stalled.status()).isEqualTo("200");
        List<ChannelFuture> writes = new ArrayList<>();
        for (int i = 0; i < 512; i++) {
            writes.add(stalled.writing(new byte[64 * 1024]));
        }
        Tunnel neighbour = client.open(World.AUTHORITY);
        assertThat(neighbour.status()).isEqualTo("200");
        try (Socket first = backend.next();
                Socket second = backend.next()) {
            second.getOutputStream().write("free".getBytes(StandardCharsets.UTF_8));
            assertThat(neighbour.read(4)).isEqualTo("free");
            long accepted = settled(writes);
            assertThat(accepted)
                    .as("the window, what it grew by, and the buffers of the kernel; not all of 512 pieces")
                    .isLessThan(512);
            long received = 0;
            byte[] buffer = new byte[64 * 1024];
            while (received < 512L * 64 * 1024) {
                received += first.getInputStream().read(buffer);
            }
            assertThat(received).isEqualTo(512L * 64 * 1024);
        }
    }

    /** How many writes were taken, once that does not change any more. */
    private static long settled(List<ChannelFuture> writes) {
        long[] last = {-1};
        await().pollInterval(Duration.ofMillis(200))
                .during(Duration.ofMillis(600))
                .until(() -> {
                    long now = writes.stream().filter(write -> write.isDone()).count();
                    boolean same = now == last[0];
                    last[0] = now;
                    return same;
                });
        return last[0];
    }

    @Test
    void a_client_that_does_not_read_stops_its_backend() throws Exception {
        Backend backend = world.keep(Backend.manual(pod));
        Tunnel tunnel = client().open(World.AUTHORITY);
        assertThat(tunnel.status()).isEqualTo("200");
        tunnel.stall();
        long total = 64L * 1024 * 1024;
        AtomicLong sent = new AtomicLong();
        try (Socket socket = backend.next()) {
            Thread.ofVirtual().start(() -> {
                byte[] chunk = new byte[64 * 1024];
                try {
                    while (sent.get() < total) {
                        socket.getOutputStream().write(chunk);
                        sent.addAndGet(chunk.length);
                    }
                    socket.shutdownOutput();
                } catch (IOException cut) {
                    sent.set(-1);
                }
            });
            long[] last = {-1};
            await().pollInterval(Duration.ofMillis(200))
                    .during(Duration.ofMillis(600))
                    .until(() -> {
                        boolean same = sent.get() == last[0];
                        last[0] = sent.get();
                        return same && last[0] > 0;
                    });
            assertThat(sent.get()).isLessThan(total);
            tunnel.unstall();
            assertThat(tunnel.drain()).isEqualTo(total);
        }
    }

    @Test
    void refuses_what_is_no_plain_connect_to_a_service_of_ours() throws Exception {
        world.keep(Backend.echo(pod));
        HboneClient client = client();
        assertThat(status(client, "10.0.0.1:80")).isEqualTo("400");
        assertThat(status(client, "echo.demo.svc.cluster.local")).isEqualTo("400");
        assertThat(status(client, "ECHO.demo.svc.cluster.local:80")).isEqualTo("400");
        assertThat(status(client, "echo.demo.svc.cluster.local.:80")).isEqualTo("400");
        assertThat(status(client, "echo.demo.svc.cluster.local:81")).isEqualTo("400");
        Tunnel unknown = client.open("nobody.demo.svc.cluster.local:80");
        assertThat(unknown.status()).isEqualTo("404");
        assertThat(unknown.answer().names()).as("no reason for a stranger").hasSize(1);
        Http2Headers get = new DefaultHttp2Headers()
                .method("GET")
                .scheme("https")
                .path("/")
                .authority(World.AUTHORITY);
        assertThat(client.open(get, true).status()).isEqualTo("400");
        Http2Headers path =
                new DefaultHttp2Headers().method("CONNECT").path("/").authority(World.AUTHORITY);
        assertThat(client.open(path, false).status()).isEqualTo("400");
        Http2Headers extended = new DefaultHttp2Headers(false)
                .method("CONNECT")
                .set(":protocol", "websocket")
                .authority(World.AUTHORITY);
        assertThat(client.open(extended, false).status()).isEqualTo("400");
        assertThat(client.open(new DefaultHttp2Headers(false).authority(World.AUTHORITY), false)
                        .resetCode())
                .as("neither a CONNECT nor whole")
                .isEqualTo(0x1);
        assertThat(client.open(World.AUTHORITY, Map.of("content-length", "5")).status())
                .isEqualTo("400");
        assertThat(client.open(World.AUTHORITY, Map.of("transfer-encoding", "chunked"))
                        .resetCode())
                .as("malformed in HTTP/2 itself: a stream error of the codec")
                .isEqualTo(0x1);
        assertThat(status(client, World.AUTHORITY)).as("after all that").isEqualTo("200");
    }

    @Test
    void a_fault_of_ours_ends_its_stream_alone() throws Exception {
        world.keep(Backend.echo(pod));
        HboneClient client = client();
        Tunnel neighbour = client.open(World.AUTHORITY);
        assertThat(neighbour.status()).isEqualTo("200");
        world.west.catalog.broken(true);
        for (int i = 0; i < 3; i++) {
            assertThat(client.open(World.AUTHORITY).resetCode())
                    .as("INTERNAL_ERROR")
                    .isEqualTo(0x2);
        }
        world.west.catalog.broken(false);
        assertThat(neighbour.write("still here").read(10)).isEqualTo("still here");
        assertThat(status(client, World.AUTHORITY)).isEqualTo("200");
    }

    @Test
    void errors_of_a_peer_cost_it_a_stream_each_and_then_its_connection() throws Exception {
        HboneClient client = client();
        assertThat(malformed(client).resetCode()).isEqualTo(0x1);
        try {
            for (int i = 0; i < 200; i++) {
                malformed(client);
            }
        } catch (IOException closed) {
            assertThat(closed).isInstanceOf(ClosedChannelException.class);
        }
        assertThat(client.isClosedByPeer()).isTrue();
    }

    private static Tunnel malformed(HboneClient client) throws Exception {
        return client.open(World.AUTHORITY, Map.of("transfer-encoding", "chunked"));
    }

    @Test
    void backends_that_abort_cost_nobody_the_connection() throws Exception {
        world.keep(Backend.at(pod, socket -> {
            if (socket.getInputStream().read() == 'a') {
                socket.setSoLinger(true, 0);
                socket.close();
            } else {
                socket.getInputStream().transferTo(socket.getOutputStream());
            }
        }));
        HboneClient client = client();
        Tunnel neighbour = client.open(World.AUTHORITY).write("_before");
        assertThat(neighbour.read(6)).isEqualTo("before");
        for (int i = 0; i < 250; i++) {
            assertThat(client.open(World.AUTHORITY).write("a").resetCode()).isEqualTo(0xa);
        }
        assertThat(neighbour.write("after").read(5)).isEqualTo("after");
    }

    @Test
    void stalled_streams_do_not_use_up_the_credit_of_their_connection() throws Exception {
        Backend backend = world.keep(Backend.at(pod, 4_096, socket -> {
            if (socket.getInputStream().read() == 'e') {
                socket.getInputStream().transferTo(socket.getOutputStream());
            }
        }));
        HboneClient client = client();
        for (int i = 0; i < 80; i++) {
            Tunnel stalled = client.open(World.AUTHORITY);
            assertThat(stalled.status()).isEqualTo("200");
            for (int piece = 0; piece < 32; piece++) {
                stalled.write(new byte[64 * 1024]);
            }
        }
        Tunnel neighbour = client.open(World.AUTHORITY).write("e");
        assertThat(neighbour.write("free").read(4)).isEqualTo("free");
        assertThat(backend.count()).isEqualTo(81);
    }

    @Test
    void a_pod_that_does_not_answer_a_syn_is_a_time_out() throws Exception {
        Backend full = world.keep(Backend.full(pod));
        assertThat(status(client(), World.AUTHORITY)).isEqualTo("504");
        assertThat(full.count()).isZero();
        assertThat(world.west.count("gateway.tunnels.refused", "reason", "connect-timeout"))
                .isEqualTo(1);
    }

    @Test
    void a_client_that_may_call_no_more_while_it_is_waited_for_is_refused() throws Exception {
        world.keep(Backend.full(pod));
        Tunnel waiting = client().open(World.AUTHORITY);
        await().untilAsserted(() -> assertThat(gateway.gateway().open()).isEqualTo(1));
        world.publish(world.west.cluster());
        assertThat(waiting.status()).isEqualTo("403");
    }

    @Test
    void a_pod_that_does_not_listen_is_no_endpoint() throws Exception {
        assertThat(status(client(), World.AUTHORITY)).isEqualTo("503");
        assertThat(world.west.count("gateway.tunnels.refused", "reason", "no-endpoint"))
                .isEqualTo(1);
        assertThat(world.west.count("gateway.dials.failed", "target", "backend", "reason", "refused"))
                .isEqualTo(1);
    }

    @Test
    void forged_headers_of_gateways_are_removed_and_counted() throws Exception {
        world.keep(Backend.echo(pod));
        Tunnel tunnel = client().open(
                        World.AUTHORITY,
                        Map.of(
                                "x-beringia-hop", "1",
                                "x-beringia-source-identity", "spiffe://cluster.local/ns/kube-system/sa/admin"));
        assertThat(tunnel.status()).isEqualTo("200");
        assertThat(world.west.count("gateway.headers.forged")).isEqualTo(1);
    }

    @Test
    void a_gateway_must_say_for_whom_it_asks_and_only_once() throws Exception {
        world.keep(Backend.echo(pod));
        world.east.addGateway();
        world.publish();
        HboneClient peer = world.client(gateway.hbone(), world.east.svid(world.east.gatewayId()));
        assertThat(status(peer, World.AUTHORITY)).as("no hop").isEqualTo("400");
        Tunnel twoLegs = peer.open(World.AUTHORITY, leg("2", "east-1", "us-east"));
        assertThat(twoLegs.status()).as("two legs").isEqualTo("503");
        assertThat(twoLegs.answer().get("x-beringia-reason")).hasToString("hop-limit");
        assertThat(peer.open(World.AUTHORITY, leg("1", "west-1", "us-west")).status())
                .as("speaks for another cluster")
                .isEqualTo("403");
        Tunnel right = peer.open(World.AUTHORITY, leg("1", "east-1", "us-east"));
        assertThat(right.status()).isEqualTo("200");
        assertThat(right.answer().get("x-beringia-served-by")).hasToString("us-west/west-1/gateway-0");
        assertThat(world.west.count("gateway.region.mismatches")).isZero();
        Map<String, String> mistaken = new HashMap<>(leg("1", "east-1", "us-east"));
        mistaken.put("x-beringia-chosen-region", "us-north");
        assertThat(peer.open(World.AUTHORITY, mistaken).status())
                .as("a fault of configuration over there, not of the client")
                .isEqualTo("200");
        assertThat(world.west.count("gateway.region.mismatches")).isEqualTo(1);
    }

    private Map<String, String> leg(String hop, String cluster, String region) {
        return Map.of(
                "x-beringia-hop",
                hop,
                "x-beringia-origin-cluster",
                cluster,
                "x-beringia-origin-region",
                region,
                "x-beringia-origin-network",
                region.replace("us-", "net-"),
                "x-beringia-chosen-region",
                "us-west",
                "x-beringia-source-identity",
                world.east.clientId().toString(),
                "x-beringia-connection-id",
                "0123456789abcdef0123456789abcdef");
    }

    @Test
    void a_live_tunnel_ends_when_its_client_may_call_no_more() throws Exception {
        world.keep(Backend.echo(pod));
        Tunnel tunnel = client().open(World.AUTHORITY);
        assertThat(tunnel.status()).isEqualTo("200");
        world.publish(world.west.cluster());
        assertThat(tunnel.resetCode()).isEqualTo(0x8);
        assertThat(status(client(), World.AUTHORITY)).isEqualTo("403");
    }

    @Test
    void strangers_at_the_port_do_not_touch_anybody_elses_tunnel() throws Exception {
        world.keep(Backend.echo(pod));
        Tunnel tunnel = client().open(World.AUTHORITY);
        assertThat(tunnel.status()).isEqualTo("200");
        garbage("GET / HTTP/1.1\r\n\r\n");
        garbage("\u0016\u0003\u0001@\u0000");
        withoutCertificate();
        foreigner();
        tunnel.write("untouched");
        assertThat(tunnel.read(9)).isEqualTo("untouched");
        await().untilAsserted(() ->
                assertThat(world.west.count("gateway.handshakes.failed")).isGreaterThanOrEqualTo(4));
    }

    private void garbage(String text) throws Exception {
        try (Socket socket = new Socket(
                InetAddress.getByName(gateway.hbone().ip().toString()),
                gateway.hbone().port())) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readAllBytes().length).isLessThan(64);
        }
    }

    private void withoutCertificate() throws Exception {
        try (HboneClient nobody = HboneClient.connect(gateway.hbone(), Optional.empty(), "h2")) {
            assertThat(nobody.isClosedByPeer()).isTrue();
        }
    }

    private void foreigner() throws Exception {
        try (World elsewhere = new World();
                HboneClient stranger =
                        HboneClient.connect(gateway.hbone(), elsewhere.east.svid(elsewhere.east.clientId()))) {
            assertThat(stranger.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void a_peer_without_http2_is_closed() throws Exception {
        try (HboneClient old =
                HboneClient.connect(gateway.hbone(), Optional.of(world.east.svid(world.east.clientId())), "http/1.1")) {
            assertThat(old.isClosedByPeer()).isTrue();
        } catch (IllegalStateException alert) {
            assertThat(alert).hasMessageContaining("handshake");
        }
    }

    @Test
    void a_draining_gateway_refuses_what_is_new_and_ends_the_old_at_its_deadline() throws Exception {
        world.keep(Backend.echo(pod));
        Tunnel old = client().open(World.AUTHORITY);
        assertThat(old.status()).isEqualTo("200");
        gateway.gateway().drain(DrainConfig.AT_ONCE);
        assertThat(old.resetCode()).isEqualTo(0x8);
        assertThat(gateway.gateway().awaited()).isNotEmpty();
        assertThat(status(client(), World.AUTHORITY)).isEqualTo("503");
    }

    @Test
    void a_drain_says_goodbye_twice_and_loses_no_stream_on_its_way() throws Exception {
        world.keep(Backend.echo(pod));
        HboneClient client = client();
        Tunnel old = client.open(World.AUTHORITY);
        assertThat(old.status()).isEqualTo("200");
        client.holdPings();
        Thread drain = Thread.ofVirtual().start(() -> gateway.gateway().drain(PATIENT));
        assertThat(client.nextGoodbye()).as("names no stream").isEqualTo(Integer.MAX_VALUE);
        Tunnel crossing = client.open(World.AUTHORITY);
        assertThat(crossing.status()).isEqualTo("200");
        client.releasePings();
        assertThat(client.nextGoodbye()).as("the last one that was taken").isEqualTo(5);
        assertThat(crossing.write("ping").read(4)).isEqualTo("ping");
        assertThat(old.write("ping").read(4)).isEqualTo("ping");
        crossing.finish();
        old.finish();
        assertThat(crossing.drain() + old.drain()).isZero();
        drain.join(Duration.ofSeconds(20));
        assertThat(drain.isAlive()).isFalse();
    }
}
