package io.beringia.discovery.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionEvidence.Readiness;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.catalog.RelayTarget.OnFailure;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.catalog.Writers;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.merge.FederatedService;
import io.beringia.discovery.merge.FederationView;
import io.beringia.discovery.merge.LocalOverrides;
import io.beringia.discovery.merge.OwnObjects;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class OwnReadinessTest {
    private static final ClusterId OWN = new ClusterId("east-1");
    private static final ClusterId OTHER = new ClusterId("west-1");
    private static final ServiceName CART = new ServiceName("shop", "cart.shop.svc.cluster.local");
    private static final ServiceName AWAY = new ServiceName("shop", "away.shop.svc.cluster.local");
    private static final ServiceName EMPTY = new ServiceName("shop", "empty.shop.svc.cluster.local");
    private static final Freshness STALE = new Freshness.Stale(Duration.ofSeconds(9));

    @Test
    void endpoints_of_services_that_we_export_are_counted_and_marked_as_fresh_as_our_api() {
        FederationView view = new FederationView(
                1,
                OWN,
                new OwnObjects(
                        List.of(
                                pod("a", Health.HEALTHY, CART),
                                pod("b", Health.UNHEALTHY, CART),
                                pod("c", Health.HEALTHY, AWAY)),
                        List.of(),
                        List.of(),
                        List.of()),
                Map.of(
                        OWN,
                        new ClusterState(
                                OWN,
                                new RegionId("us-east"),
                                new Network("net-east"),
                                Set.of(),
                                List.of(),
                                RegionStatus.ACTIVE,
                                STALE)),
                Map.of(CART, service(CART, OWN), AWAY, service(AWAY, OTHER), EMPTY, service(EMPTY, OWN)),
                Optional.empty(),
                LocalOverrides.NONE);

        assertThat(OwnReadiness.of(view))
                .containsExactly(
                        new Readiness(CART, 1, 2, STALE, CART.hostname(), Writers.SINGLE),
                        new Readiness(EMPTY, 0, 0, STALE, EMPTY.hostname()));
    }

    @Test
    void before_our_own_part_is_known_nothing_is_said() {
        assertThat(OwnReadiness.of(FederationView.empty(OWN))).isEmpty();
    }

    private static Workload pod(String name, Health health, ServiceName service) {
        return Workload.named("east-1//Pod/shop/" + name, "shop", name, OWN, new Network("net-east"))
                .services(Map.of(service, List.of()))
                .health(health)
                .build();
    }

    private static FederatedService service(ServiceName name, ClusterId by) {
        Export export = new Export(
                name,
                Instant.EPOCH,
                List.of(),
                Set.of(),
                List.of(),
                Optional.empty(),
                List.of(),
                new Export.Guard(name.hostname(), Set.of()),
                OnFailure.RESET,
                name.equals(CART) ? Writers.SINGLE : Writers.MANY);
        return new FederatedService(
                name, List.of(), List.of(), List.of(new FederatedService.Part(by, export)), Set.of());
    }
}
