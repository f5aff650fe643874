package io.beringia.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.SocketAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class GatewayConfigTest {
    private static final SocketAddress HBONE = SocketAddress.parse("10.0.0.1:15008");
    private static final SocketAddress RELAY = SocketAddress.parse("10.0.0.1:15018");

    private static GatewayConfig config(String name, Optional<SocketAddress> relay, int loops) {
        return new GatewayConfig(
                new RegionId("us-east"),
                new ClusterId("east-1"),
                new Network("net-east"),
                name,
                HBONE,
                relay,
                IpAddress.parse("10.0.0.1"),
                loops,
                false);
    }

    @Test
    void its_own_addresses_are_its_listeners() {
        assertThat(config("a", Optional.of(RELAY), 1).self().ownListeners()).containsExactlyInAnyOrder(HBONE, RELAY);
        assertThat(config("a", Optional.empty(), 1).self().ownListeners()).containsExactly(HBONE);
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
