package io.beringia.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConnectHeadersTest {
    private static final String ID = "00112233445566778899aabbccddeeff";

    @Test
    void what_a_ztunnel_sends_is_accepted_and_carried() {
        List<Map.Entry<String, String>> fields = with(
                connect(),
                Map.entry("baggage", "k8s.cluster.name=east,k8s.namespace.name=web"),
                Map.entry("forwarded", "for=\"10.1.1.1:4711\";host=cart.shop"),
                Map.entry("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"));

        assertThat(ConnectHeaders.parse(fields, false))
                .isEqualTo(new ConnectHeaders.Parsed.Accepted(
                        new ConnectRequest(
                                new Authority("cart.shop", 80),
                                Optional.empty(),
                                new Carried(
                                        Optional.of("k8s.cluster.name=east,k8s.namespace.name=web"),
                                        Optional.of("for=\"10.1.1.1:4711\";host=cart.shop"),
                                        Optional.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"),
                                        Optional.empty())),
                        List.of()));
    }

    /** A valid authority beside them must not save them: netty/netty#17421. */
    @ParameterizedTest
    @CsvSource({":scheme,https", ":path,/", ":path,''", ":protocol,websocket", ":status,200", ":unknown,x"})
    void a_connect_with_another_pseudo_header_is_refused(String name, String value) {
        List<Map.Entry<String, String>> fields = new ArrayList<>(connect());
        fields.add(Map.entry(name, value));

        assertThat(refusal(fields, false)).isEqualTo(Refusal.BAD_REQUEST);
        assertThat(refusal(fields.reversed(), false)).isEqualTo(Refusal.BAD_REQUEST);
    }

    @Test
    void scheme_and_path_together_are_refused() {
        assertThat(refusal(with(connect(), Map.entry(":scheme", "https"), Map.entry(":path", "/")), false))
                .isEqualTo(Refusal.BAD_REQUEST);
    }

    @ParameterizedTest
    @CsvSource({
        "content-length,0",
        "transfer-encoding,chunked",
        "connection,close",
        "proxy-connection,x",
        "keep-alive,x",
        "upgrade,h2c",
        "Baggage,a=b",
        "'',x",
        "a b,x",
        "naïve,x"
    })
    void fields_that_have_no_place_on_a_tunnel_are_refused(String name, String value) {
        assertThat(refusal(with(connect(), Map.entry(name, value)), false)).isEqualTo(Refusal.BAD_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb", "a\nb", "a\0b", "a\u000bb", "\u001b", "a\u007fb"})
    void a_value_that_no_request_of_ours_could_carry_on_is_refused(String value) {
        assertThat(refusal(with(connect(), Map.entry("baggage", value)), false)).isEqualTo(Refusal.BAD_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "connect", "CONNECT ", ""})
    void every_other_method_is_refused(String method) {
        assertThat(refusal(List.of(Map.entry(":method", method), Map.entry(":authority", "cart.shop:80")), false))
                .isEqualTo(Refusal.BAD_REQUEST);
    }

    @Test
    void method_and_authority_are_there_exactly_once_and_first() {
        assertThat(refusal(List.of(Map.entry(":method", "CONNECT")), false)).isEqualTo(Refusal.BAD_REQUEST);
        assertThat(refusal(List.of(Map.entry(":authority", "cart.shop:80")), false))
                .isEqualTo(Refusal.BAD_REQUEST);
        assertThat(refusal(with(connect(), Map.entry(":authority", "cart.shop:80")), false))
                .isEqualTo(Refusal.BAD_REQUEST);
        assertThat(refusal(with(connect(), Map.entry(":method", "CONNECT")), false))
                .isEqualTo(Refusal.BAD_REQUEST);
        assertThat(refusal(
                        List.of(
                                Map.entry(":method", "CONNECT"),
                                Map.entry("baggage", "a=b"),
                                Map.entry(":authority", "cart.shop:80")),
                        false))
                .isEqualTo(Refusal.BAD_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {" a", "a ", "\ta", "a\t", " "})
    void a_value_between_blanks_is_refused(String value) {
        assertThat(refusal(with(connect(), Map.entry("x", value)), false)).isEqualTo(Refusal.BAD_REQUEST);
    }

    @Test
    void a_name_with_a_colon_is_refused() {
        assertThat(refusal(with(connect(), Map.entry("x:y", "1")), false)).isEqualTo(Refusal.BAD_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1:80", "Cart.shop:80", "cart.shop", "cart.shop.:80", "u@cart.shop:80"})
    void an_authority_that_names_no_service_is_refused(String authority) {
        assertThat(refusal(List.of(Map.entry(":method", "CONNECT"), Map.entry(":authority", authority)), false))
                .isEqualTo(Refusal.BAD_AUTHORITY);
    }

    @Test
    void gateway_headers_of_anybody_else_are_stripped_and_reported() {
        List<Map.Entry<String, String>> fields =
                with(gatewayFields(), Map.entry("x-beringia-hop", "9"), Map.entry("x-beringia-made-up", "\u00ff"));

        assertThat(ConnectHeaders.parse(fields, false))
                .isInstanceOfSatisfying(ConnectHeaders.Parsed.Accepted.class, accepted -> {
                    assertThat(accepted.request().vouched()).isEmpty();
                    assertThat(accepted.stripped())
                            .containsExactlyInAnyOrder(
                                    "x-beringia-hop",
                                    "x-beringia-origin-network",
                                    "x-beringia-origin-region",
                                    "x-beringia-origin-cluster",
                                    "x-beringia-chosen-region",
                                    "x-beringia-source-identity",
                                    "x-beringia-connection-id",
                                    "x-beringia-made-up");
                });
    }

    @Test
    void a_gateway_vouches_for_its_client() {
        assertThat(ConnectHeaders.parse(gatewayFields(), true))
                .isInstanceOfSatisfying(ConnectHeaders.Parsed.Accepted.class, accepted -> {
                    assertThat(accepted.stripped()).isEmpty();
                    assertThat(accepted.request().vouched())
                            .contains(new Vouched(
                                    Mesh.CLIENT,
                                    new ClusterId("west"),
                                    new RegionId("r-west"),
                                    new Network("n-west"),
                                    new RegionId("r-east"),
                                    ID));
                });
    }

    @ParameterizedTest
    @CsvSource({
        "2,HOP_LIMIT",
        "10,HOP_LIMIT",
        "99999999999999999999999,HOP_LIMIT",
        "0,BAD_REQUEST",
        "01,BAD_REQUEST",
        "02,BAD_REQUEST",
        "-1,BAD_REQUEST",
        "one,BAD_REQUEST",
        "'',BAD_REQUEST"
    })
    void exactly_one_leg_stands_between_gateways(String hop, Refusal expected) {
        assertThat(refusal(replaced("x-beringia-hop", hop), true)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-beringia-hop",
                "x-beringia-origin-network",
                "x-beringia-origin-region",
                "x-beringia-origin-cluster",
                "x-beringia-chosen-region",
                "x-beringia-source-identity",
                "x-beringia-connection-id"
            })
    void a_gateway_says_each_of_its_headers_once(String name) {
        assertThat(refusal(without(name), true)).as("missing").isEqualTo(Refusal.BAD_REQUEST);
        String value = gatewayFields().stream()
                .filter(field -> field.getKey().equals(name))
                .findFirst()
                .orElseThrow()
                .getValue();
        assertThat(refusal(with(gatewayFields(), Map.entry(name, value)), true))
                .as("twice")
                .isEqualTo(Refusal.BAD_REQUEST);
    }

    @ParameterizedTest
    @CsvSource({
        "x-beringia-origin-region,r west",
        "x-beringia-origin-region,''",
        "x-beringia-origin-network,n;west",
        "x-beringia-origin-cluster,West",
        "x-beringia-chosen-region,r\u00e9gion",
        "x-beringia-source-identity,spiffe://Cluster.local/ns/web/sa/front",
        "x-beringia-source-identity,front",
        "x-beringia-connection-id,0011",
        "x-beringia-connection-id,00112233445566778899AABBCCDDEEFF"
    })
    void a_gateways_value_in_a_strange_form_is_refused(String name, String value) {
        assertThat(refusal(replaced(name, value), true)).isEqualTo(Refusal.BAD_REQUEST);
    }

    @Test
    void only_an_identity_may_be_longer_than_256_bytes() {
        assertThat(refusal(replaced("x-beringia-chosen-region", "r".repeat(257)), true))
                .isEqualTo(Refusal.BAD_REQUEST);
        assertThat(ConnectHeaders.parse(
                        replaced("x-beringia-source-identity", "spiffe://cluster.local/" + "a".repeat(1_001)), true))
                .isInstanceOf(ConnectHeaders.Parsed.Accepted.class);
        assertThat(refusal(replaced("x-beringia-source-identity", "spiffe://cluster.local/" + "a".repeat(1_002)), true))
                .isEqualTo(Refusal.BAD_REQUEST);
    }

    @Test
    void lists_are_joined_and_what_may_be_said_once_is_dropped_when_said_twice() {
        List<Map.Entry<String, String>> fields = with(
                connect(),
                Map.entry("baggage", "a=1"),
                Map.entry("baggage", "b=2"),
                Map.entry("x-istio-source", "waypoint"),
                Map.entry("x-istio-source", "gateway"));

        assertThat(ConnectHeaders.parse(fields, false))
                .isInstanceOfSatisfying(ConnectHeaders.Parsed.Accepted.class, accepted -> {
                    assertThat(accepted.request().carried().baggage()).contains("a=1,b=2");
                    assertThat(accepted.request().carried().istioSource()).isEmpty();
                });
    }

    @Test
    void details_are_fit_for_a_log() {
        assertThat(ConnectHeaders.parse(replaced("x-beringia-hop", "\u001b[31m\"" + "9".repeat(300)), true))
                .isInstanceOfSatisfying(
                        ConnectHeaders.Parsed.Refused.class,
                        refused -> assertThat(refused.detail().chars())
                                .hasSizeLessThan(700)
                                .allMatch(c -> c >= 0x20 && c < 0x7f));
    }

    @Test
    void no_header_block_makes_it_throw_or_lets_a_stranger_vouch() {
        Random random = new Random(11);
        List<Map.Entry<String, String>> known = with(
                gatewayFields(),
                Map.entry("baggage", "a=b"),
                Map.entry("x-istio-source", "waypoint"),
                Map.entry(":path", "/"),
                Map.entry("x-beringia-hop", "2"));
        int accepted = 0;
        for (int i = 0; i < 20_000; i++) {
            List<Map.Entry<String, String>> fields = new ArrayList<>(random.nextInt(4) == 0 ? List.of() : connect());
            for (int more = random.nextInt(9); more > 0; more--) {
                Map.Entry<String, String> one = known.get(random.nextInt(known.size()));
                fields.add(random.nextInt(8) == 0 ? Map.entry(one.getKey(), noise(random)) : one);
            }
            boolean fromGateway = random.nextBoolean();
            if (ConnectHeaders.parse(fields, fromGateway) instanceof ConnectHeaders.Parsed.Accepted well) {
                accepted++;
                assertThat(well.request().vouched().isPresent()).isEqualTo(fromGateway);
            }
        }
        assertThat(accepted).as("else nothing was tested").isPositive();
    }

    private static String noise(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(40); i > 0; i--) {
            text.append((char) random.nextInt(0x180));
        }
        return text.toString();
    }

    private static List<Map.Entry<String, String>> connect() {
        return List.of(Map.entry(":method", "CONNECT"), Map.entry(":authority", "cart.shop:80"));
    }

    private static List<Map.Entry<String, String>> gatewayFields() {
        return with(
                connect(),
                Map.entry("x-beringia-hop", "1"),
                Map.entry("x-beringia-origin-network", "n-west"),
                Map.entry("x-beringia-origin-region", "r-west"),
                Map.entry("x-beringia-origin-cluster", "west"),
                Map.entry("x-beringia-chosen-region", "r-east"),
                Map.entry("x-beringia-source-identity", Mesh.CLIENT.toString()),
                Map.entry("x-beringia-connection-id", ID));
    }

    private static List<Map.Entry<String, String>> without(String name) {
        return gatewayFields().stream()
                .filter(field -> !field.getKey().equals(name))
                .toList();
    }

    private static List<Map.Entry<String, String>> replaced(String name, String value) {
        return with(without(name), Map.entry(name, value));
    }

    @SafeVarargs
    private static List<Map.Entry<String, String>> with(
            List<Map.Entry<String, String>> fields, Map.Entry<String, String>... more) {
        List<Map.Entry<String, String>> all = new ArrayList<>(fields);
        for (Map.Entry<String, String> one : more) {
            all.add(one);
        }
        return all;
    }

    private static Refusal refusal(List<Map.Entry<String, String>> fields, boolean fromGateway) {
        assertThat(ConnectHeaders.parse(fields, fromGateway)).isInstanceOf(ConnectHeaders.Parsed.Refused.class);
        return ((ConnectHeaders.Parsed.Refused) ConnectHeaders.parse(fields, fromGateway)).why();
    }
}
