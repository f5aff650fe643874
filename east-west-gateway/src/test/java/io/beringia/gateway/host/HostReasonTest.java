package io.beringia.gateway.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Workload;
import io.beringia.gateway.HboneClient;
import io.beringia.gateway.routing.ConnectHeaders;
import io.beringia.trust.identity.SpiffeId;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is told why a host refused: a reason helps whoever looks for a way in. */
@Timeout(60)
final class HostReasonTest {
    private static final ClusterId CLUSTER = new ClusterId("west-1");
    private static final RegionId REGION = new RegionId("us-west");
    private static final SpiffeId GATEWAY = HostLab.id("beringia", "gateway-west-1");

    private final HostLab lab = new HostLab();
    private final Workload server = lab.echo("echo", 2).build();

    @AfterEach
    void close() {
        lab.close();
    }

    @ParameterizedTest
    @CsvSource({"client, false", "gateway-west-1, true"})
    void only_a_gateway_hears_more_than_a_status(String account, boolean told) throws Exception {
        TurnedCatalog catalog = new TurnedCatalog();
        catalog.publish(Catalog.of(
                1, PlanVersion.NONE, List.of(server), List.of(), List.of(), List.of(), List.of(), List.of(state())));
        lab.start(lab.called(server), lab.credentials(server.identity()), catalog);
        SocketAddress door = SocketAddress.parse(lab.ip(2) + ":15008");
        try (HboneClient caller = HboneClient.connect(
                door, lab.credentials(HostLab.id("beringia", account)).svid())) {
            HboneClient.Tunnel refused = caller.open(lab.ip(2) + ":81");
            assertThat(refused.status()).isEqualTo("401");
            assertThat(refused.answer().contains(ConnectHeaders.REASON)).isEqualTo(told);
        }
    }

    private ClusterState state() {
        SocketAddress address = SocketAddress.parse(lab.ip(9) + ":15008");
        GatewayAddress gateway =
                new GatewayAddress(CLUSTER, REGION, HostLab.WEST, "gateway-0", address, GATEWAY, Health.HEALTHY, 1);
        return new ClusterState(
                CLUSTER,
                REGION,
                HostLab.WEST,
                Set.of(HostLab.DOMAIN),
                List.of(gateway),
                RegionStatus.ACTIVE,
                new Freshness.Live());
    }
}
