package io.beringia.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.routing.AddressRules;
import io.beringia.gateway.routing.Self;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GatewayConfigTest {
    private static final SocketAddress HBONE = SocketAddress.parse("10.0.0.1:15008");
    private static final Set<IpAddress> OURS = Set.of(IpAddress.parse("10.0.0.7"), IpAddress.parse("2001:db8::7"));
    private static final SocketAddress RELAY = SocketAddress.parse("10.0.0.1:15018");

    private static GatewayConfig config(String name, Optional<SocketAddress> relay, int loops) {
        return config(name, HBONE, relay, loops);
    }

    private static GatewayConfig config(String name, SocketAddress hbone, Optional<SocketAddress> relay, int loops) {
        return new GatewayConfig(
                new RegionId("us-east"),
                new ClusterId("east-1"),
                new Network("net-east"),
                name,
                hbone,
                relay,
                IpAddress.parse("10.0.0.1"),
                loops,
                false);
    }

    @Test
    void its_own_addresses_are_its_listeners() {
        assertThat(config("a", Optional.of(RELAY), 1).self(OURS).ownListeners())
                .containsExactlyInAnyOrder(HBONE, RELAY);
        assertThat(config("a", Optional.empty(), 1).self(OURS).ownListeners()).containsExactly(HBONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:15008", "[::]:15008"})
    void who_listens_at_all_addresses_of_its_host_dials_none_of_them(String everywhere) {
        Self self = config("a", SocketAddress.parse(everywhere), Optional.of(RELAY), 1)
                .self(OURS);
        assertThat(self.ownListeners())
                .extracting(SocketAddress::toString)
                .containsExactlyInAnyOrder("10.0.0.7:15008", "[2001:db8::7]:15008", "10.0.0.1:15018");
        assertThat(AddressRules.refusal(self, SocketAddress.parse("10.0.0.7:80")))
                .isPresent();
        assertThat(AddressRules.refusal(self, SocketAddress.parse("10.0.0.8:80")))
                .isEmpty();
    }

    @Test
    void the_addresses_of_this_host_are_those_of_its_kernel() {
        assertThat(OwnAddresses.now()).contains(IpAddress.parse("127.0.0.1")).noneMatch(IpAddress::isUnspecified);
    }

    @Test
    void refuses_what_cannot_work() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config("", Optional.empty(), 1))
                .withMessageContaining("gateway.name");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config("a", Optional.of(HBONE), 1))
                .withMessageContaining("gateway.relay");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config("a", Optional.empty(), 0))
                .withMessageContaining("gateway.loops");
    }
}
