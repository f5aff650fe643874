package io.beringia.discovery.merge;

import static io.beringia.discovery.merge.Clusters.T0;
import static io.beringia.discovery.merge.Clusters.id;
import static io.beringia.discovery.merge.Clusters.identity;
import static io.beringia.discovery.merge.Clusters.part;
import static io.beringia.discovery.merge.Clusters.region;
import static io.beringia.discovery.merge.Clusters.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.Locality;
import io.beringia.discovery.catalog.Overlay;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionPhase;
import io.beringia.discovery.catalog.RegionPlan;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePlan;
import io.beringia.discovery.catalog.Shares;
import io.beringia.discovery.catalog.SourceShares;
import io.beringia.discovery.catalog.TrafficPlan;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which services a new plan is about, for clients in region 1. */
final class PlanSceneTest {
    private static final TrafficPlan PLAN = plan(active(2), active(3), row(1, 7_000), row(2, 5_000));

    @Test
    void a_plan_that_says_the_same_of_everybody_is_about_nobody() {
        assertThat(ruledAnew(plan(active(2), active(3), row(1, 7_000), row(2, 5_000))))
                .isEmpty();
    }

    @Test
    void since_when_and_why_a_region_stands_is_about_nobody() {
        RegionPlan remembered = new RegionPlan(
                region(2), RegionPhase.ACTIVE, 0, List.of(Overlay.SUPPRESSED), after(9), "it fell", 800, after(9));

        assertThat(ruledAnew(plan(remembered, active(3), row(1, 7_000), row(2, 5_000))))
                .isEmpty();
    }

    @Test
    void the_row_of_another_region_is_about_nobody_here() {
        assertThat(ruledAnew(plan(active(2), active(3), row(1, 7_000), row(2, 2_500))))
                .isEmpty();
    }

    @Test
    void a_region_that_is_left_is_about_services_that_it_has() {
        assertThat(ruledAnew(plan(active(2), evacuated(3), row(1, 7_000), row(2, 5_000))))
                .containsExactly("south");
    }

    @Test
    void a_region_that_is_pinned_is_about_services_that_it_has() {
        RegionPlan pinned = active(2).withOverlays(Set.of(Overlay.PINNED));

        assertThat(ruledAnew(plan(pinned, active(3), row(1, 7_000), row(2, 5_000))))
                .containsExactlyInAnyOrder("west", "own-row");
    }

    @Test
    void our_row_is_about_services_without_one_of_their_own() {
        assertThat(ruledAnew(plan(active(2), active(3), row(1, 2_500), row(2, 5_000))))
                .containsExactlyInAnyOrder("home", "west", "south");
    }

    /** After {@link #PLAN}; by their short names. */
    private static Set<String> ruledAnew(TrafficPlan next) {
        FederationView now = view(next);
        Scene before = scene(view(PLAN));
        assertThat(scene(now).isAt(before)).as("only the plan differs").isTrue();
        return Scene.ruledAnew(before, scene(now), now).stream()
                .map(name -> name.hostname().substring(0, name.hostname().indexOf('.')))
                .collect(Collectors.toSet());
    }

    private static Scene scene(FederationView view) {
        return Scene.of(view, view.ownState().orElseThrow(), Optional.empty());
    }

    private static FederationView view(TrafficPlan plan) {
        return FederationView.of(
                1,
                id(1),
                OwnObjects.NONE,
                List.of(
                        part(1, exported(1, "home"), exported(1, "west")),
                        part(2, exported(2, "west"), exported(2, "own-row")),
                        part(3, exported(3, "south"))),
                Optional.of(plan),
                LocalOverrides.NONE);
    }

    private static Export exported(int number, String name) {
        return new Export(
                service(name),
                T0,
                List.of(tcp("http", 80, 8080)),
                Set.of(identity(number, "demo", name)),
                List.of(new Export.Capacity(new Locality("", "", ""), 2)));
    }

    private static ServiceName service(String name) {
        return new ServiceName("demo", name + ".demo.svc.cluster.local");
    }

    private static TrafficPlan plan(RegionPlan second, RegionPlan third, SourceShares... defaults) {
        return new TrafficPlan(
                TrafficPlan.FORMAT,
                "mesh",
                new PlanVersion(1, 1),
                identity(1, "beringia-system", "failover"),
                T0,
                List.of(active(1), second, third),
                List.of(defaults),
                Stream.of("aaa", "own-row", "zzz")
                        .map(name ->
                                new ServicePlan(service(name), List.of(row(1, Shares.WHOLE)), List.of(), Shares.WHOLE))
                        .toList(),
                List.of(),
                "",
                Optional.empty());
    }

    private static SourceShares row(int source, int home) {
        return new SourceShares(
                region(source),
                Shares.of(
                        new Shares.Share(region(source), home),
                        new Shares.Share(region(source + 1), Shares.WHOLE - home)));
    }

    private static RegionPlan active(int number) {
        return RegionPlan.active(region(number), T0);
    }

    private static RegionPlan evacuated(int number) {
        return new RegionPlan(region(number), RegionPhase.EVACUATED, 0, List.of(), T0, "", 0, T0);
    }

    private static Instant after(int seconds) {
        return T0.plusSeconds(seconds);
    }
}
