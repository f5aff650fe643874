package io.beringia.gateway.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.routing.Authority;
import io.beringia.gateway.routing.Carried;
import io.beringia.gateway.routing.ConnectHeaders;
import io.beringia.gateway.routing.Self;
import io.beringia.trust.identity.SpiffeId;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What one gateway says to the next. */
final class LegTest {
    private static final SpiffeId CLIENT = SpiffeId.parse("spiffe://cluster.local/ns/web/sa/front");
    private static final Self EAST = new Self(
            new ClusterId("east-1"),
            new RegionId("us-east"),
            new Network("net-east"),
            "gw-1",
            Set.of(),
            IpAddress.parse("10.1.0.1"),
            false);
    private static final GatewayAddress WEST = new GatewayAddress(
            new ClusterId("west-1"),
            new RegionId("us-west"),
            new Network("net-west"),
            "gw-2",
            SocketAddress.parse("10.2.0.1:15008"),
            SpiffeId.parse("spiffe://cluster.local/ns/beringia-system/sa/gateway-west-1"),
            Health.HEALTHY,
            1);
    private static final Carried CARRIED = new Carried(
            Optional.of("k8s.cluster.name=east-1"),
            Optional.of("for=\"10.1.1.1:4711\";host=cart.shop"),
            Optional.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"),
            Optional.of("waypoint"));

    private static Leg leg(Carried carried) {
        return Leg.of(EAST, CLIENT, new Authority("cart.shop", 80), carried, new Random(1));
    }

    @Test
    void what_came_is_passed_on_unchanged_and_our_own_words_are_added() {
        Leg leg = leg(CARRIED);
        assertThat(fields(leg.toward(WEST)))
                .containsExactlyInAnyOrder(
                        Map.entry(":method", "CONNECT"),
                        Map.entry(":authority", "cart.shop:80"),
                        Map.entry("baggage", "k8s.cluster.name=east-1"),
                        Map.entry("forwarded", "for=\"10.1.1.1:4711\";host=cart.shop"),
                        Map.entry("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"),
                        Map.entry("x-istio-source", "waypoint"),
                        Map.entry("x-beringia-hop", "1"),
                        Map.entry("x-beringia-origin-network", "net-east"),
                        Map.entry("x-beringia-origin-region", "us-east"),
                        Map.entry("x-beringia-origin-cluster", "east-1"),
                        Map.entry("x-beringia-chosen-region", "us-west"),
                        Map.entry("x-beringia-source-identity", CLIENT.toString()),
                        Map.entry("x-beringia-connection-id", leg.connectionId()));
    }

    @Test
    void what_did_not_come_is_not_made_up() {
        assertThat(fields(leg(Carried.NOTHING).toward(WEST)))
                .noneMatch(field -> Set.of("baggage", "forwarded", "traceparent", "x-istio-source")
                        .contains(field.getKey()));
    }

    @Test
    void the_next_gateway_understands_it() {
        assertThat(ConnectHeaders.parse(fields(leg(CARRIED).toward(WEST)), true))
                .isInstanceOfSatisfying(ConnectHeaders.Parsed.Accepted.class, accepted -> {
                    assertThat(accepted.request().carried()).isEqualTo(CARRIED);
                    assertThat(accepted.request().vouched().orElseThrow().source())
                            .isEqualTo(CLIENT);
                });
    }

    private static List<Map.Entry<String, String>> fields(Http2Headers headers) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        headers.forEach(field ->
                fields.add(Map.entry(field.getKey().toString(), field.getValue().toString())));
        return fields;
    }
}
