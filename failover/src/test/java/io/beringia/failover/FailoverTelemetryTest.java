package io.beringia.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.PathTrouble;
import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionEvidence.GatewayTrouble;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.RegionEvidence.PathReport;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.failover.health.SiteEvidence;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FailoverTelemetryTest {
    private static final RegionId EAST = new RegionId("us-east");
    private static final RegionId WEST = new RegionId("us-west");

    @Test
    void ways_in_trouble_are_counted_by_site_once_for_all_that_see_them() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        FailoverTelemetry telemetry = new FailoverTelemetry(meters);
        GatewayTrouble narrow = new GatewayTrouble("west-1/gw-0", PathTrouble.MTU);
        GatewayTrouble frozen = new GatewayTrouble("west-1/gw-1", PathTrouble.STUCK);
        List<SiteEvidence> evidence =
                List.of(site(EAST, List.of(List.of(narrow, frozen), List.of(narrow))), site(WEST, List.of(List.of())));
        List.of(EAST, WEST).forEach(site -> telemetry.watchSite(site, () -> evidence));

        assertThat(troubled(meters, EAST, "mtu")).isEqualTo(1);
        assertThat(troubled(meters, EAST, "stuck")).isEqualTo(1);
        assertThat(troubled(meters, WEST, "mtu")).isZero();
    }

    private static SiteEvidence site(RegionId site, List<List<GatewayTrouble>> seen) {
        List<ObserverReport> observers = seen.stream()
                .map(troubles -> new PathReport(
                        site.equals(EAST) ? WEST : EAST, PathState.UP, Duration.ZERO, Duration.ZERO, false, troubles))
                .map(path -> new ObserverReport("gw", Duration.ZERO, 0, true, List.of(path)))
                .toList();
        return new SiteEvidence(
                new RegionEvidence(site, observers, List.of(), List.of(), RegionEvidence.Proxies.NONE), Duration.ZERO);
    }

    private static double troubled(SimpleMeterRegistry meters, RegionId site, String trouble) {
        return meters.get("failover.paths.troubled")
                .tags("site", site.name(), "trouble", trouble)
                .gauge()
                .value();
    }
}
