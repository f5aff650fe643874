package io.beringia.discovery.merge;

import static io.beringia.discovery.merge.Clusters.ECHO;
import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.catalog.ServiceHome;
import io.beringia.discovery.catalog.ServiceHome.Standing;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.Shares;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.discovery.catalog.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients in region 1 are told of a service with a single writer that regions 1, 2 and 3 have. */
final class SingleWriterTest {
    private static final GatewayRef RELAY = new GatewayRef.ByHostname(
            new ServiceName("beringia-system", "gateway.beringia-system.svc.cluster.local"), 15_018);

    /** Pods ready at home, the home of the plan, grade of the way to region 2, and where new connections may go. */
    @ParameterizedTest(name = "{0} ready here, home {1}, way to r2 {2}: {3}")
    @CsvSource({
        "1, r1 OPEN, 10000, r1",
        "0, r1 OPEN, 10000, nowhere",
        "1, r2 OPEN, 10000, r2",
        "1, r2 OPEN, 0, r2",
        "1, r1 AWAITED, 10000, nowhere",
        "1, r2 AWAITED, 10000, nowhere",
        "1, r2 HURRIED, 10000, nowhere",
        "1, r9 OPEN, 10000, nowhere",
        "1, none, 10000, nowhere"
    })
    void only_its_home_is_open_whatever_is_ready_and_reached(int ready, String home, int grade, String open) {
        FederationView view = view(ready, home.equals("none") ? plan() : plan(home), LocalOverrides.of(grades(grade)));
        String expected = open.equals("nowhere") ? "" : open;

        assertThat(String.join(" ", direct(view))).isEqualTo(expected);
        assertThat(String.join(" ", relayed(view))).isEqualTo(expected.equals("r1") ? "" : expected);
        assertThat(LocalRows.panics(view)).isEmpty();
    }

    @Test
    void without_any_plan_it_is_served_nowhere() {
        FederationView view = view(1, Optional.empty(), LocalOverrides.NONE);

        assertThat(direct(view)).isEmpty();
        assertThat(relayed(view)).isEmpty();
    }

    @Test
    void one_cluster_that_says_so_is_enough() {
        FederatedService service = MergeRules.merge(
                        ECHO,
                        List.of(
                                new FederatedService.Part(Clusters.id(1), Clusters.export(1, 1)),
                                new FederatedService.Part(Clusters.id(2), Clusters.single(Clusters.export(2, 1)))))
                .orElseThrow();

        assertThat(new LocalRows(view(1, plan(), LocalOverrides.NONE), Clusters.state(1))
                        .of(service)
                        .split())
                .isEqualTo(new ShareRules.Split.Only(Optional.empty()));
    }

    @Test
    void a_home_in_the_plan_binds_although_nobody_says_so_any_more() {
        FederationView view = view(1, plan("r2 OPEN"), LocalOverrides.NONE, false);

        assertThat(direct(view)).containsExactly("r2");
    }

    @Test
    void gateways_are_told_that_nothing_of_it_is_to_be_delivered_here() {
        assertThat(parts(view(1, plan("r2 OPEN"), LocalOverrides.NONE))).anySatisfy(part -> {
            assertThat(part.cluster()).isEqualTo(Clusters.id(1));
            assertThat(part.share()).hasValue(0);
        });
        assertThat(parts(view(1, plan("r1 OPEN"), LocalOverrides.NONE)))
                .extracting(RelayTarget.Part::cluster)
                .doesNotContain(Clusters.id(1));
    }

    @Test
    void a_cluster_of_an_unknown_region_is_no_home() {
        FederationView known = view(1, plan("r1 OPEN"), LocalOverrides.NONE);
        Map<ClusterId, ClusterState> clusters = new HashMap<>(known.clusters());
        clusters.remove(Clusters.id(2));
        FederationView view = new FederationView(
                2, known.own(), known.objects(), clusters, known.services(), known.plan(), known.overrides());

        assertThat(parts(view))
                .filteredOn(part -> part.cluster().equals(Clusters.id(2)))
                .allSatisfy(part -> {
                    assertThat(part.capacity()).isZero();
                    assertThat(part.share()).hasValue(0);
                });
        assertThat(parts(view)).extracting(RelayTarget.Part::cluster).contains(Clusters.id(2));
    }

    private static Map<RegionId, Integer> grades(int ofTwo) {
        return ofTwo < Shares.WHOLE ? Map.of(Clusters.region(2), ofTwo) : Map.of();
    }

    private static Optional<TrafficPlan> plan() {
        return Optional.of(Clusters.plan(1, Shares.all(Clusters.region(1))));
    }

    /** "r2 OPEN". */
    private static Optional<TrafficPlan> plan(String home) {
        String[] words = home.split(" ", -1);
        return plan().map(it -> Clusters.at(
                it, new ServiceHome(new RegionId(words[0]), Standing.valueOf(words[1]), Clusters.T0, "test")));
    }

    private static FederationView view(int ready, Optional<TrafficPlan> plan, LocalOverrides overrides) {
        return view(ready, plan, overrides, true);
    }

    private static FederationView view(
            int ready, Optional<TrafficPlan> plan, LocalOverrides overrides, boolean isSingle) {
        List<ClusterExports> parts = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            Export export = Clusters.export(i, i == 1 ? ready : 2);
            parts.add(Clusters.part(i, isSingle ? Clusters.single(export) : export));
        }
        Workload pod = Clusters.pod(1, "echo", ECHO);
        return FederationView.of(
                1,
                Clusters.id(1),
                new OwnObjects(List.of(ready == 0 ? unready(pod) : pod), List.of(), List.of(), List.of()),
                parts,
                plan,
                overrides);
    }

    private static Workload unready(Workload it) {
        return Workload.named(it.uid(), it.namespace(), it.name(), it.cluster(), it.network())
                .addresses(it.addresses())
                .services(it.services())
                .capacity(it.capacity())
                .health(Health.UNHEALTHY)
                .build();
    }

    /** Regions of workloads to which a ztunnel without a relay may connect. */
    private static Set<String> direct(FederationView view) {
        return healthy(Projection.of(view, new Audience(Audience.Kind.ZTUNNEL, Audience.Mode.DIRECT), Optional.empty()))
                .map(it -> it.cluster().name().replace('c', 'r'))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Regions to which a gateway may forward what is relayed through it. */
    private static Set<String> relayed(FederationView view) {
        boolean isRelayed = healthy(Projection.of(
                        view, new Audience(Audience.Kind.ZTUNNEL, Audience.Mode.RELAY), Optional.of(RELAY)))
                .anyMatch(it -> it.uid().startsWith("relay."));
        Set<String> regions = new TreeSet<>();
        parts(view).stream()
                .filter(part -> part.capacity() > 0)
                .map(RelayTarget.Part::cluster)
                .map(ClusterId::name)
                .forEach(name -> regions.add(name.replace('c', 'r')));
        assertThat(isRelayed).as("through the relay").isEqualTo(!regions.isEmpty());
        return regions;
    }

    private static Stream<Workload> healthy(Catalog catalog) {
        return catalog.workloads().values().stream()
                .filter(it -> it.services().containsKey(ECHO) && it.health() == Health.HEALTHY);
    }

    private static List<RelayTarget.Part> parts(FederationView view) {
        Map<String, RelayTarget> targets = Projection.of(
                        view, new Audience(Audience.Kind.GATEWAY, Audience.Mode.DIRECT), Optional.empty())
                .relayTargets();
        return Objects.requireNonNull(targets.get(ECHO.hostname())).parts();
    }

    /**
     * What two sites do that do not follow the same plan: one is a step behind. With a home that is awaited between, they
     * never serve in two regions; without it they would.
     */
    @Test
    void clients_of_two_plans_never_meet_two_homes() {
        List<String> steps = List.of("r1 OPEN", "r2 AWAITED", "r2 OPEN", "r1 HURRIED", "r1 OPEN");
        for (int i = 1; i < steps.size(); i++) {
            assertThat(bothOpen(steps.get(i - 1), steps.get(i))).hasSizeLessThanOrEqualTo(1);
        }
        assertThat(bothOpen("r1 OPEN", "r2 OPEN")).hasSize(2);
    }

    private static Set<String> bothOpen(String older, String newer) {
        Set<String> open = new HashSet<>(direct(view(1, plan(older), LocalOverrides.NONE)));
        open.addAll(direct(view(1, plan(newer), LocalOverrides.NONE)));
        return open;
    }
}
