package io.beringia.discovery.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.discovery.catalog.Shares.Share;
import io.beringia.trust.identity.SpiffeId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class TrafficPlanTest {
    private static final RegionId EAST = new RegionId("us-east");
    private static final RegionId WEST = new RegionId("us-west");
    private static final ServiceName CART = new ServiceName("shop", "cart.shop.svc.cluster.local");
    private static final ServiceName WEB = new ServiceName("shop", "web.shop.svc.cluster.local");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void a_service_without_its_own_row_has_the_default() {
        TrafficPlan plan = plan(
                List.of(RegionPlan.active(EAST, NOW)),
                List.of(new ServicePlan(CART, List.of(new SourceShares(EAST, Shares.all(WEST))), List.of(), 10_000)));

        assertThat(plan.row(CART, EAST)).as("its own").contains(Shares.all(WEST));
        assertThat(plan.row(WEB, EAST)).as("the default").contains(Shares.all(EAST));
        assertThat(plan.row(CART, WEST))
                .as("own rows of other sources do not count")
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = RegionPhase.class,
            names = {"EVACUATING", "EVACUATED", "DRAINING", "DRAINED", "PROBATION"})
    void a_region_that_is_leaving_or_away_gets_nothing_new(RegionPhase phase) {
        TrafficPlan plan = plan(List.of(new RegionPlan(EAST, phase, 0, List.of(), NOW, "test", 0, NOW)), List.of());

        assertThat(plan.status(EAST).isAllowed()).isFalse();
        assertThat(plan.status(WEST).isAllowed()).as("unknown to the plan").isTrue();
    }

    @Test
    void equal_plans_are_equal_whatever_the_order_they_were_told_in() {
        RegionPlan east = RegionPlan.active(EAST, NOW);
        RegionPlan west = RegionPlan.active(WEST, NOW);

        assertThat(plan(List.of(east, west), List.of())).isEqualTo(plan(List.of(west, east), List.of()));
        assertThat(Shares.of(new Share(EAST, 1), new Share(WEST, 9_999)))
                .isEqualTo(Shares.of(new Share(WEST, 9_999), new Share(EAST, 1)));
    }

    @Test
    void nothing_stands_in_a_plan_twice() {
        RegionPlan east = RegionPlan.active(EAST, NOW);

        assertThatThrownBy(() -> plan(List.of(east, east), List.of()))
                .hasMessage("region: us-east twice (expected: each once)");
    }

    @Test
    void shares_add_up_to_the_whole() {
        assertThatThrownBy(() -> Shares.of(new Share(EAST, 2_000), new Share(WEST, 7_999)))
                .hasMessage("shares: us-east=2000 us-west=7999 (expected: each region once, a total of 10000)");
        assertThatThrownBy(() -> Shares.of(new Share(EAST, 5_000), new Share(EAST, 5_000)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Share(EAST, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void only_a_ramping_region_has_a_ramp() {
        assertThatThrownBy(() -> new RegionPlan(EAST, RegionPhase.ACTIVE, 100, List.of(), NOW, "", 0, NOW))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RegionPlan(EAST, RegionPhase.RAMPING, 0, List.of(), NOW, "", 0, NOW))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void an_override_covers_its_region_or_all() {
        assertThat(override(Optional.of(EAST)).covers(WEST)).isFalse();
        assertThat(override(Optional.empty()).covers(WEST)).isTrue();
        assertThat(override(Optional.empty()).hasExpired(NOW))
                .as("at its expiry")
                .isTrue();
        assertThat(override(Optional.empty()).hasExpired(NOW.minusMillis(1))).isFalse();
    }

    private static PlanOverride override(Optional<RegionId> region) {
        return new PlanOverride(
                "o-1", PlanOverride.Verb.FREEZE, region, Optional.empty(), leader(), "maintenance", NOW, List.of());
    }

    private static TrafficPlan plan(List<RegionPlan> regions, List<ServicePlan> services) {
        return new TrafficPlan(
                TrafficPlan.FORMAT,
                "demo",
                new PlanVersion(7, 1),
                leader(),
                NOW,
                regions,
                List.of(new SourceShares(EAST, Shares.all(EAST))),
                services,
                List.of(),
                "",
                Optional.empty());
    }

    private static SpiffeId leader() {
        return SpiffeId.parse("spiffe://cluster.local/ns/beringia/sa/failover");
    }
}
