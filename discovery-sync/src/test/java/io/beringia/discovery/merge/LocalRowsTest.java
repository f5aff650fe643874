package io.beringia.discovery.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.ServicePlan.Phase;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.Shares;
import io.beringia.discovery.catalog.Shares.Share;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.discovery.catalog.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LocalRowsTest {
    private static final int PODS = 20;

    /** Of 20 pods so many are ready; percent that stay at home. */
    @ParameterizedTest(name = "{0} of 20 ready: {1} %")
    @CsvSource({"20,100", "15,100", "14,98", "10,70", "5,35", "1,7"})
    void home_keeps_what_it_can_serve_and_the_rest_goes_elsewhere(int ready, int percent) {
        Optional<Shares> row = row(ready, 20, Optional.empty());
        assertThat(row.map(it -> it.of(Clusters.region(1))).orElse(Shares.WHOLE))
                .isEqualTo(percent * 100);
    }

    @Test
    void what_is_ready_at_home_never_makes_its_share_fall() {
        List<Integer> shares = IntStream.rangeClosed(1, PODS)
                .mapToObj(ready -> row(ready, 20, Optional.empty())
                        .map(it -> it.of(Clusters.region(1)))
                        .orElse(Shares.WHOLE))
                .toList();
        assertThat(shares).isSorted();
    }

    @Test
    void nobody_is_sent_where_nothing_is_ready() {
        assertThat(row(5, 0, Optional.empty())).as("home keeps all").isEmpty();
        assertThat(row(0, 20, Optional.empty()))
                .as("with nothing at home, the reserve is used as it stands")
                .isEmpty();
    }

    @Test
    void a_share_that_the_plan_gives_is_lowered_by_the_same_measure() {
        TrafficPlan plan =
                Clusters.plan(1, Shares.of(new Share(Clusters.region(1), 5_000), new Share(Clusters.region(2), 5_000)));
        assertThat(row(10, 20, Optional.of(plan)))
                .contains(Shares.of(new Share(Clusters.region(1), 3_500), new Share(Clusters.region(2), 6_500)));
    }

    /**
     * How it stands in regions 1, 2 and 3, and per cent of what goes there; nothing says so where ranks decide. -1 is a home
     * without any pod.
     */
    @ParameterizedTest(name = "{0} at home ready, {1} {2} {3}: {4}")
    @CsvSource({
        "20, HEALTHY, HEALTHY, HEALTHY,",
        "20, DEGRADED, HEALTHY, HEALTHY, 50 25 25",
        "20, UNHEALTHY, HEALTHY, HEALTHY, 0 50 50",
        "20, PROBATION, HEALTHY, UNHEALTHY, 1 99 0",
        "20, RAMPING, UNHEALTHY, HEALTHY, 50 0 50",
        "20, HEALTHY, UNHEALTHY, HEALTHY,",
        "20, UNHEALTHY, UNHEALTHY, UNHEALTHY,",
        "10, DEGRADED, HEALTHY, HEALTHY, 50 25 25",
        "5, DEGRADED, HEALTHY, HEALTHY, 35 33 33",
        "0, HEALTHY, HEALTHY, HEALTHY,",
        "0, HEALTHY, UNHEALTHY, HEALTHY, 0 0 100",
        "0, HEALTHY, DEGRADED, HEALTHY, 0 33 67",
        "0, HEALTHY, UNHEALTHY, UNHEALTHY,",
        "-1, HEALTHY, HEALTHY, HEALTHY,",
        "-1, HEALTHY, UNHEALTHY, HEALTHY, 0 0 100"
    })
    void a_service_goes_where_the_leader_sees_it_well(
            int ready, Phase first, Phase second, Phase third, @Nullable String percent) {
        TrafficPlan plan = Clusters.plan(1, Shares.all(Clusters.region(1)), List.of(first, second, third));
        Shares all = Shares.all(Clusters.region(1));
        Shares row = rows(ready, List.of(20, 20), Optional.of(plan)).orElse(all);
        assertThat(row.equals(all) ? null : percent(row)).isEqualTo(percent);
    }

    private static String percent(Shares row) {
        return IntStream.rangeClosed(1, 3)
                .mapToObj(i -> String.valueOf(Math.round(row.of(Clusters.region(i)) / 100.0)))
                .collect(Collectors.joining(" "));
    }

    private static Optional<Shares> row(int ready, int elsewhere, Optional<TrafficPlan> plan) {
        return rows(ready, List.of(elsewhere), plan);
    }

    private static Optional<Shares> rows(int ready, List<Integer> elsewhere, Optional<TrafficPlan> plan) {
        List<FederatedService.Part> parts = new ArrayList<>();
        parts.add(new FederatedService.Part(Clusters.id(1), Clusters.export(1, Math.max(0, ready))));
        for (int i = 0; i < elsewhere.size(); i++) {
            parts.add(new FederatedService.Part(Clusters.id(2 + i), Clusters.export(2 + i, elsewhere.get(i))));
        }
        FederatedService service = MergeRules.merge(Clusters.ECHO, parts).orElseThrow();
        List<Workload> pods = new ArrayList<>();
        IntStream.range(0, ready < 0 ? 0 : PODS)
                .forEach(i -> pods.add(pod(i, i < ready ? Health.HEALTHY : Health.UNHEALTHY)));
        FederationView view = new FederationView(
                1,
                Clusters.id(1),
                new OwnObjects(pods, List.of(), List.of(), List.of()),
                Stream.of(1, 2, 3).collect(Collectors.toMap(Clusters::id, Clusters::state)),
                Map.of(Clusters.ECHO, service),
                plan,
                LocalOverrides.NONE);
        return new LocalRows(view, Clusters.state(1)).of(service).row();
    }

    private static Workload pod(int index, Health health) {
        return Workload.named("c1//Pod/demo/" + index, "demo", "echo-" + index, Clusters.id(1), new Network("net1"))
                .addresses(List.of(IpAddress.parse("10.0.1." + (1 + index))))
                .services(Map.of(Clusters.ECHO, List.of(new ServicePort(80, 8080))))
                .health(health)
                .capacity(ShareRules.ENDPOINT)
                .build();
    }
}
