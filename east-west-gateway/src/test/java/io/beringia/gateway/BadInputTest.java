package io.beringia.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.HboneClient.Tunnel;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.X509Svid;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What others send that they must not: it is refused and counted, and a tunnel of somebody else does not notice. */
final class BadInputTest {
    private static final long PROTOCOL_ERROR = 0x1;

    private final World world = new World();
    private World.Running gateway;
    private Backend backend;
    private Tunnel neighbour;

    @BeforeEach
    void starts() throws Exception {
        SocketAddress pod = world.west.addPod();
        gateway = world.west.start(world.west.addGateway());
        world.publish();
        backend = world.keep(Backend.echo(pod));
        neighbour = client().open(World.AUTHORITY);
        assertThat(neighbour.status()).isEqualTo("200");
    }

    @AfterEach
    void ends() throws Exception {
        neighbour.write("untouched");
        assertThat(neighbour.read(9)).as("a tunnel of somebody else").isEqualTo("untouched");
        world.close();
    }

    private HboneClient client() throws Exception {
        return world.client(gateway.hbone(), world.east.svid(world.east.clientId()));
    }

    @Test
    void an_authority_that_is_none_and_a_service_that_is_not_there_are_counted_by_their_reasons() throws Exception {
        HboneClient client = client();
        assertThat(client.open("echo.demo.svc.cluster.local:http").status()).isEqualTo("400");
        assertThat(client.open("nobody.demo.svc.cluster.local:80").status()).isEqualTo("404");
        assertThat(refused("bad-authority")).isEqualTo(1);
        assertThat(refused("unknown-service")).isEqualTo(1);
    }

    /** RFC 9113, 8.5; netty/netty#17421: the codec lets all of these pass. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                ":scheme=https",
                ":path=/",
                ":scheme=https :path=/",
                ":protocol=websocket",
                ":protocol=websocket :scheme=https :path=/"
            })
    void a_connect_that_is_none_of_a_plain_tunnel_is_counted_and_leads_to_nobody(String more) throws Exception {
        HboneClient client = client();
        Tunnel same = client.open(World.AUTHORITY);
        assertThat(same.status()).isEqualTo("200");
        assertThat(client.open(connectWith(more), false).status()).isEqualTo("400");
        assertThat(refused("bad-request")).isEqualTo(1);
        leadsToNobody(same);
    }

    /** Malformed in HTTP/2 itself. */
    @Test
    void a_connect_with_an_empty_path_is_counted_and_leads_to_nobody() throws Exception {
        HboneClient client = client();
        Tunnel same = client.open(World.AUTHORITY);
        assertThat(same.status()).isEqualTo("200");
        assertThat(client.open(connectWith(":path="), false).resetCode()).isEqualTo(PROTOCOL_ERROR);
        assertThat(limited("protocol-error")).isEqualTo(1);
        leadsToNobody(same);
    }

    private static Http2Headers connectWith(String more) {
        Http2Headers connect = new DefaultHttp2Headers(false).method("CONNECT").authority(World.AUTHORITY);
        for (String field : more.split(" ", -1)) {
            String[] parts = field.split("=", -1);
            connect.set(parts[0], parts[1]);
        }
        return connect;
    }

    private void leadsToNobody(Tunnel same) throws Exception {
        assertThat(same.write("still").read(5))
                .as("a tunnel of the same connection")
                .isEqualTo("still");
        assertThat(backend.count()).as("the neighbour and that tunnel").isEqualTo(2);
    }

    /** netty/netty#17440. */
    @Test
    void trailers_behind_a_refusal_harm_nobody() throws Exception {
        HboneClient client = client();
        Tunnel same = client.open(World.AUTHORITY);
        assertThat(same.status()).isEqualTo("200");
        Tunnel refused = client.open("nobody.demo.svc.cluster.local:80");
        assertThat(refused.status()).isEqualTo("404");
        refused.headers(new DefaultHttp2Headers().set("x", "y"), true);
        leadsToNobody(same);
    }

    @Test
    void more_headers_than_we_take_are_answered_431_and_counted() throws Exception {
        HboneClient client = client();
        Tunnel same = client.open(World.AUTHORITY);
        assertThat(same.status()).isEqualTo("200");
        assertThat(client.open(World.AUTHORITY, Map.of("baggage", "b".repeat(18_000)))
                        .status())
                .isEqualTo("431");
        assertThat(limited("headers-too-large")).isEqualTo(1);
        same.write("still");
        assertThat(same.read(5)).as("a tunnel of the same connection").isEqualTo("still");
    }

    @Test
    void headers_without_measure_end_their_connection_and_are_counted() throws Exception {
        HboneClient client = client();
        client.open(World.AUTHORITY, Map.of("baggage", "b".repeat(200_000)));
        assertThat(client.isClosedByPeer()).isTrue();
        assertThat(limited("protocol-error")).isEqualTo(1);
    }

    @Test
    void a_peer_of_two_names_is_closed_and_counted() throws Exception {
        closes(world.east.twoNames(world.east.clientId(), world.east.gatewayId()), "bad-identity");
    }

    @Test
    void a_peer_of_a_foreign_root_or_trust_domain_is_closed_and_counted() throws Exception {
        try (World elsewhere = new World()) {
            closes(elsewhere.east.svid(elsewhere.east.clientId()), "no-path");
        }
        closes(World.foreigner(SpiffeId.parse("spiffe://elsewhere.example/ns/demo/sa/client")), "unknown-trust-domain");
    }

    private void closes(X509Svid svid, String reason) throws Exception {
        try (HboneClient stranger = HboneClient.connect(gateway.hbone(), svid)) {
            assertThat(stranger.isClosedByPeer()).isTrue();
        }
        await().untilAsserted(() -> assertThat(world.west.count("gateway.handshakes.failed", "reason", reason))
                .isEqualTo(1));
    }

    private double refused(String reason) {
        return world.west.count("gateway.tunnels.refused", "reason", reason);
    }

    private double limited(String reason) {
        return world.west.count("gateway.peers.limited", "reason", reason);
    }
}
