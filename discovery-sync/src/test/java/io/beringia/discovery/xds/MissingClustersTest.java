package io.beringia.discovery.xds;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.wire.FileCatalog;
import io.beringia.discovery.wire.ResourceType;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MissingClustersTest {
    private static final MissingClusters WEST = new MissingClusters(Set.of(new ClusterId("west-1")));

    @ParameterizedTest
    @CsvSource({
        "ADDRESS, east-1//Pod/demo/web-0, true",
        "ADDRESS, east-1/discovery.k8s.io/EndpointSlice/demo/db/10.0.0.1, true",
        "ADDRESS, west-1//Pod/demo/echo-0, false",
        "ADDRESS, net-west/SplitHorizonWorkload/ns/gw/west-1/demo/echo.demo.svc.cluster.local/us-west, false",
        "ADDRESS, net-south/SplitHorizonWorkload/ns/gw/south-1/demo/echo.demo.svc.cluster.local, true",
        "ADDRESS, relay.east-1/SplitHorizonWorkload/ns/gw/east-1/demo/echo.demo.svc.cluster.local, false",
        "ADDRESS, NetworkGateway/net-west/west-1/ns/gw-0/10.0.0.1:15008, false",
        "ADDRESS, NetworkGateway/net-south/south-1/ns/gw-0/10.0.0.1:15008, true",
        "ADDRESS, demo/echo.demo.svc.cluster.local, false",
        "AUTHORIZATION, demo/deny, true",
        "EXPORTED_AUTHORITY, echo.demo.svc.cluster.local, true",
        "RELAY_TARGET, echo.demo.svc.cluster.local, false",
        "CLUSTER_STATE, west-1, false",
        "CLUSTER_STATE, south-1, true"
    })
    void what_may_be_of_a_cluster_that_was_not_heard_is_not_gone(ResourceType type, String name, boolean isGone) {
        assertThat(Resources.NONE.next(FileCatalog.parse("{}"), WEST).isGone(type, name))
                .isEqualTo(isGone);
    }

    @Test
    void when_all_were_heard_whatever_is_not_there_is_gone() {
        Resources all = Resources.NONE.next(FileCatalog.parse("{}"));
        assertThat(all.isGone(ResourceType.ADDRESS, "west-1//Pod/demo/echo-0")).isTrue();
        assertThat(all.isGone(ResourceType.RELAY_TARGET, "echo.demo.svc.cluster.local"))
                .isTrue();
    }
}
