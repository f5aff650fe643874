package io.beringia.discovery.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Network;
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

    private static Optional<Shares> row(int ready, int elsewhere, Optional<TrafficPlan> plan) {
        List<FederatedService.Part> parts = List.of(
                new FederatedService.Part(Clusters.id(1), Clusters.export(1, ready)),
                new FederatedService.Part(Clusters.id(2), Clusters.export(2, elsewhere)));
        FederatedService service = MergeRules.merge(Clusters.ECHO, parts).orElseThrow();
        List<Workload> pods = new ArrayList<>();
        IntStream.range(0, PODS).forEach(i -> pods.add(pod(i, i < ready ? Health.HEALTHY : Health.UNHEALTHY)));
        FederationView view = new FederationView(
                1,
                Clusters.id(1),
                new OwnObjects(pods, List.of(), List.of(), List.of()),
                Stream.of(1, 2).collect(Collectors.toMap(Clusters::id, Clusters::state)),
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
