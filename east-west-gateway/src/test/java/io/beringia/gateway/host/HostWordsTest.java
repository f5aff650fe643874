package io.beringia.gateway.host;

import static io.beringia.gateway.host.HostLab.ECHO;
import static io.beringia.gateway.host.HostLab.WEST;
import static io.beringia.gateway.host.HostLab.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Locality;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Way;
import io.beringia.discovery.catalog.Workload;
import io.beringia.gateway.outbound.DialFailure;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the host proxy writes: headers, PROXY v2, SOCKS replies; and the values it takes. */
final class HostWordsTest {
    private static final Workload SELF = Workload.named(
                    "c//Pod/shop/client-1", "shop", "client-1", new ClusterId("west-1"), WEST)
            .description(new Workload.Description("node-1", "client", "deployment", "client", "v2"))
            .locality(new Locality("us-west", "a", ""))
            .build();

    @Test
    void baggage_has_ztunnels_order_and_leaves_out_what_is_empty() {
        assertThat(HostHeaders.baggage(SELF))
                .isEqualTo("k8s.cluster.name=west-1,k8s.namespace.name=shop,k8s.deployment.name=client,"
                        + "service.name=client,service.version=v2,cloud.region=us-west,cloud.availability_zone=a");
        assertThat(HostHeaders.baggage(Workload.named("c//Pod/a/b", "a", "b", new ClusterId("c"), WEST)
                        .build()))
                .isEqualTo("k8s.cluster.name=c,k8s.namespace.name=a");
    }

    @Test
    void forwarded_names_the_application_and_the_service_if_one_was_asked_for() {
        assertThat(HostHeaders.forwarded(SocketAddress.parse("10.0.0.1:80"), Optional.empty()))
                .isEqualTo("for=\"10.0.0.1:80\"");
        assertThat(HostHeaders.forwarded(SocketAddress.parse("[::1]:80"), Optional.of(ECHO)))
                .isEqualTo("for=\"[::1]:80\";host=echo.demo.svc.cluster.local");
    }

    @Test
    void a_trace_parent_is_always_55_characters_and_never_zero() {
        Random random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            assertThat(HostHeaders.traceparent(random)).matches("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-00");
        }
    }

    @Test
    void only_the_inner_connect_names_our_network() {
        Http2Headers outer = HostHeaders.connect(
                "echo.demo.svc.cluster.local:80",
                SELF,
                SocketAddress.parse("10.0.0.1:80"),
                Optional.of(ECHO),
                "00-1-2-00");
        assertThat(outer.contains("x-forwarded-network")).isFalse();
        assertThat(outer.scheme()).as("RFC 9113, 8.5").isNull();
        assertThat(outer.path()).isNull();
        Http2Headers inner = HostHeaders.inner(outer, WEST);
        assertThat(inner.get("x-forwarded-network")).hasToString("west");
        assertThat(inner.authority()).isEqualTo(outer.authority());
        assertThat(outer.contains("x-forwarded-network")).as("left alone").isFalse();
    }

    @Test
    void a_proxy_header_is_version_2_with_the_identity_behind_the_addresses() {
        byte[] bytes = new ProxyHeader(
                        SocketAddress.parse("10.0.0.1:258"), SocketAddress.parse("10.0.0.2:80"), id("a", "b"))
                .bytes();
        String id = "spiffe://cluster.local/ns/a/sa/b";
        assertThat(HexFormat.of().formatHex(bytes))
                .isEqualTo("0d0a0d0a000d0a515549540a" + "2111"
                        + HexFormat.of().toHexDigits((short) (12 + 3 + id.length())) + "0a0000010a00000201020050" + "d0"
                        + HexFormat.of().toHexDigits((short) id.length())
                        + HexFormat.of().formatHex(id.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void a_proxy_header_of_two_families_is_written_in_ipv6() {
        byte[] bytes = new ProxyHeader(
                        SocketAddress.parse("10.0.0.1:1"), SocketAddress.parse("[2001:db8::1]:80"), id("a", "b"))
                .bytes();
        assertThat(HexFormat.of().formatHex(bytes, 12, 16)).startsWith("2121");
        assertThat(HexFormat.of().formatHex(bytes, 16, 52))
                .isEqualTo("00000000000000000000ffff0a000001" + "20010db8000000000000000000000001" + "00010050");
    }

    @ParameterizedTest
    @CsvSource({"400, 2", "401, 2", "403, 2", "404, 4", "503, 5", "504, 6", "500, 1", "0, 1"})
    void a_status_becomes_the_reply_of_rfc_1928(int status, int reply) {
        assertThat(code(new OutboundFailure.Dial(new DialFailure.Answered(status, ""))))
                .isEqualTo(reply);
    }

    @Test
    void every_other_failure_has_its_reply() {
        assertThat(code(new OutboundFailure.Dial(new DialFailure.TimedOut()))).isEqualTo(6);
        assertThat(code(new OutboundFailure.Dial(new DialFailure.Refused("")))).isEqualTo(5);
        assertThat(code(new OutboundFailure.Dial(new DialFailure.TlsFailed("", ""))))
                .isEqualTo(1);
        assertThat(code(new OutboundFailure.Dial(new DialFailure.TlsFailed("handshake-timeout", ""))))
                .as("too late, as a CONNECT without an answer")
                .isEqualTo(6);
        assertThat(code(new OutboundFailure.Dial(new DialFailure.Lost("")))).isEqualTo(1);
        assertThat(code(new OutboundFailure.Dial(new DialFailure.Dropped("")))).isEqualTo(1);
        assertThat(code(new OutboundFailure.Dial(new DialFailure.Full("")))).isEqualTo(1);
        assertThat(code(new OutboundFailure.Dial(new DialFailure.TooLong("")))).isEqualTo(1);
        assertThat(code(new OutboundFailure.Dial(new DialFailure.Exhausted(""))))
                .isEqualTo(1);
        assertThat(code(new OutboundFailure.NoWay(Way.Reason.UNKNOWN_HOST, ""))).isEqualTo(4);
        assertThat(code(new OutboundFailure.NoWay(Way.Reason.NO_HEALTHY_UPSTREAM, "")))
                .isEqualTo(5);
        assertThat(code(new OutboundFailure.PlainForbidden())).isEqualTo(2);
        assertThat(code(new OutboundFailure.NotReady())).isEqualTo(1);
    }

    private static int code(OutboundFailure failure) {
        return SocksReply.of(failure).byteValue();
    }

    @Test
    void a_peer_that_understood_and_refused_is_not_asked_again_elsewhere() {
        for (int status : new int[] {400, 401, 403, 404}) {
            assertThat(new OutboundFailure.Dial(new DialFailure.Answered(status, "")).isWorthAnother())
                    .as("%d", status)
                    .isFalse();
        }
        assertThat(new OutboundFailure.Dial(new DialFailure.Answered(503, "")).isWorthAnother())
                .isTrue();
        assertThat(new OutboundFailure.Dial(new DialFailure.Refused("")).isWorthAnother())
                .isTrue();
    }

    @Test
    void a_configuration_knows_its_own_ports_and_refuses_nonsense() {
        IpAddress ip = IpAddress.parse("127.0.0.1");
        HostConfig config = new HostConfig(
                "uid",
                ip,
                1,
                Optional.of(new SocketAddress(ip, 15_080)),
                List.of(),
                false,
                Optional.of(new HostConfig.Inbound(
                        new SocketAddress(ip, 16_008), ip, Set.of(8080), Set.of(15_000), false)));
        assertThat(config.ownPorts()).containsExactlyInAnyOrder(15_008, 15_080, 16_008, 15_000);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HostConfig("", ip, 1, Optional.empty(), List.of(), false, Optional.empty()))
                .withMessageContaining("host.workload");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HostConfig("uid", ip, 0, Optional.empty(), List.of(), false, Optional.empty()))
                .withMessageContaining("1..64");
    }
}
