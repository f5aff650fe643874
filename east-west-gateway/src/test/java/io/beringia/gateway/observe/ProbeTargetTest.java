package io.beringia.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.routing.Authority;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ProbeTargetTest {
    private static final TrustDomain DOMAIN = new TrustDomain("cluster.local");
    private static final ServiceName PROBE =
            new ServiceName("beringia-system", "beringia-probe.beringia-system.svc.cluster.local");
    private static final SpiffeId ANSWERER = SpiffeId.ofWorkload(DOMAIN, "beringia-system", "beringia-probe");
    private static final GatewayAddress EAST_1 = gateway("east-1", "net-east", "beringia-system");
    private static final GatewayAddress EAST_2 = gateway("east-2", "net-east", "beringia-system");
    private static final GatewayAddress WEST_1 = gateway("west-1", "net-west", "beringia-system");

    @Test
    void all_clusters_of_the_gateways_network_may_answer() {
        Catalog catalog = catalog(PROBE, part("east-2", 7, 1), ANSWERER);
        assertThat(behind(EAST_1, catalog))
                .contains(new ProbeTarget(
                        new Authority(PROBE.hostname(), 7),
                        Set.of(ANSWERER),
                        Set.of(new ClusterId("east-1"), new ClusterId("east-2"))));
    }

    @Test
    void nobody_is_asked_where_nobody_is_ready_to_answer() {
        assertThat(behind(WEST_1, catalog(PROBE, part("east-1", 7, 1), ANSWERER)))
                .as("no part of that network")
                .isEmpty();
        assertThat(behind(EAST_1, catalog(PROBE, part("east-1", 7, 0), ANSWERER)))
                .as("nothing ready")
                .isEmpty();
        assertThat(behind(EAST_1, catalog(PROBE, part("east-1", 8, 1), ANSWERER)))
                .as("another port")
                .isEmpty();
        assertThat(behind(EAST_1, catalog(PROBE, part("east-1", 7, 1))))
                .as("no identity is known")
                .isEmpty();
    }

    @Test
    void a_service_of_that_name_elsewhere_is_somebody_elses() {
        ServiceName other = new ServiceName("shop", "beringia-probe.shop.svc.cluster.local");
        assertThat(behind(EAST_1, catalog(other, part("east-1", 7, 1), ANSWERER)))
                .isEmpty();
    }

    private static Optional<ProbeTarget> behind(GatewayAddress gateway, Catalog catalog) {
        return ProbeTarget.behind(gateway, catalog, ProbeTarget.known(catalog));
    }

    private static RelayTarget.Part part(String cluster, int port, long capacity) {
        return new RelayTarget.Part(new ClusterId(cluster), Set.of(port), capacity, OptionalInt.empty());
    }

    private static Catalog catalog(ServiceName name, RelayTarget.Part part, SpiffeId... answerers) {
        Service service = new Service(
                name,
                List.of(),
                List.of(new ServicePort(7, 7)),
                List.of(answerers),
                Optional.empty(),
                LoadBalancing.STANDARD,
                false,
                false);
        return Catalog.of(
                1,
                PlanVersion.NONE,
                List.of(),
                List.of(service),
                List.of(),
                List.of(),
                List.of(new RelayTarget(name, Set.of(), List.of(part), RelayTarget.OnFailure.RESET)),
                List.of(state(EAST_1), state(EAST_2), state(WEST_1)));
    }

    private static GatewayAddress gateway(String cluster, String network, String namespace) {
        return new GatewayAddress(
                new ClusterId(cluster),
                new RegionId("us-" + network),
                new Network(network),
                "gateway-0",
                SocketAddress.parse("10.0.0.1:15008"),
                SpiffeId.ofWorkload(DOMAIN, namespace, "gateway-" + cluster),
                Health.HEALTHY,
                1);
    }

    private static ClusterState state(GatewayAddress gateway) {
        return new ClusterState(
                gateway.cluster(),
                gateway.region(),
                gateway.network(),
                Set.of(DOMAIN),
                List.of(gateway),
                RegionStatus.ACTIVE,
                new Freshness.Live());
    }
}
