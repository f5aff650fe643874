package io.beringia.failover.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.RegionEvidence.Proxies;
import io.beringia.discovery.catalog.RegionEvidence.TunnelReport;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionPhase;
import io.beringia.discovery.catalog.RegionPlan;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.health.SiteEvidence;
import io.beringia.trust.identity.SpiffeId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ArrivalsTest {
    private static final RegionId EAST = new RegionId("us-east");
    private static final RegionId WEST = new RegionId("us-west");
    private static final Instant BEGUN = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void what_came_before_the_step_or_before_we_looked_does_not_count() {
        Arrivals first = Arrivals.NONE.after(plan(BEGUN), List.of(east(gateway("gw-0", 500))));
        assertThat(first.into(EAST)).isZero();

        Arrivals later = first.after(plan(BEGUN), List.of(east(gateway("gw-0", 530), gateway("gw-1", 40))))
                .after(plan(BEGUN), List.of(east(gateway("gw-0", 530), gateway("gw-1", 45))));
        assertThat(later.into(EAST))
                .as("30 at the first and 5 at the second gateway")
                .isEqualTo(35);

        Arrivals nextStep = later.after(plan(BEGUN.plusSeconds(60)), List.of(east(gateway("gw-0", 700))));
        assertThat(nextStep.into(EAST)).as("another step").isZero();
    }

    @Test
    void a_gateway_that_began_anew_counts_from_nothing_and_one_that_was_silent_goes_on() {
        Arrivals counted = Arrivals.NONE
                .after(plan(BEGUN), List.of(east(gateway("gw-0", 500))))
                .after(plan(BEGUN), List.of(east(gateway("gw-0", 510))))
                .after(plan(BEGUN), List.of(east(gateway("gw-0", 3))))
                .after(plan(BEGUN), List.of(east()))
                .after(plan(BEGUN), List.of())
                .after(plan(BEGUN), List.of(east(gateway("gw-0", 8))));
        assertThat(counted.into(EAST)).isEqualTo(10 + 3 + 5);
    }

    @Test
    void only_the_regions_own_gateways_count_and_only_what_ends_in_it() {
        SiteEvidence relaying = site(WEST, gateway("gw-0", 0));
        SiteEvidence relayed = site(WEST, gateway("gw-0", 1_000));
        Arrivals counted = Arrivals.NONE.after(plan(BEGUN), List.of(relaying)).after(plan(BEGUN), List.of(relayed));
        assertThat(counted.into(EAST)).isZero();
        assertThat(counted.into(WEST)).as("not in the plan").isZero();
    }

    private static ObserverReport gateway(String name, long opened) {
        return new ObserverReport(
                name,
                Duration.ZERO,
                0,
                true,
                List.of(),
                List.of(),
                List.of(new TunnelReport(EAST, 0, opened), new TunnelReport(WEST, 0, 7 * opened)),
                Duration.ZERO);
    }

    private static SiteEvidence east(ObserverReport... gateways) {
        return site(EAST, gateways);
    }

    private static SiteEvidence site(RegionId site, ObserverReport... gateways) {
        return new SiteEvidence(
                new RegionEvidence(site, Stream.of(gateways).toList(), List.of(), List.of(), Proxies.NONE),
                Duration.ZERO);
    }

    private static TrafficPlan plan(Instant since) {
        return new TrafficPlan(
                TrafficPlan.FORMAT,
                "test",
                new PlanVersion(1, 1),
                SpiffeId.parse("spiffe://mesh.example/ns/beringia-system/sa/failover"),
                since,
                List.of(new RegionPlan(EAST, RegionPhase.RAMPING, 100, List.of(), since, "", 0, since)),
                List.of(),
                List.of(),
                List.of(),
                "",
                Optional.empty());
    }
}
