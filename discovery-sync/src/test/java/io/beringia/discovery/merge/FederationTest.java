package io.beringia.discovery.merge;

import static io.beringia.discovery.merge.Clusters.ECHO;
import static io.beringia.discovery.merge.Clusters.export;
import static io.beringia.discovery.merge.Clusters.holding;
import static io.beringia.discovery.merge.Clusters.id;
import static io.beringia.discovery.merge.Clusters.part;
import static io.beringia.discovery.merge.Clusters.plan;
import static io.beringia.discovery.merge.Clusters.pod;
import static io.beringia.discovery.merge.Clusters.region;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.CatalogSource;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.Shares;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FederationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Audience ZTUNNEL_DIRECT = new Audience(Audience.Kind.ZTUNNEL, Audience.Mode.DIRECT);
    private static final Audience ZTUNNEL_RELAY = new Audience(Audience.Kind.ZTUNNEL, Audience.Mode.RELAY);
    private static final Audience GATEWAY = new Audience(Audience.Kind.GATEWAY, Audience.Mode.DIRECT);
    private static final GatewayRef RELAY = new GatewayRef.ByHostname(
            new ServiceName("beringia-system", "gateway.beringia-system.svc.cluster.local"), 15_018);
    private static final String REMOTE =
            "net2/SplitHorizonWorkload/beringia-system/net2.gateway.beringia.internal/c2/demo/echo.demo.svc.cluster.local/zone-region-2";

    private final Federation federation = new Federation(id(1));
    private final Semaphore published = new Semaphore(0);
    private final Thread owner = Thread.ofVirtual().unstarted(federation);

    @BeforeEach
    void start() {
        owner.start();
    }

    @AfterEach
    void stop() throws Exception {
        owner.interrupt();
        assertThat(owner.join(PATIENCE)).as("an interrupt stops the owner").isTrue();
    }

    @Test
    void a_remote_cluster_is_one_workload_behind_its_gateways() throws Exception {
        Catalog catalog = after(ZTUNNEL_DIRECT, new Federation.Update.PartChanged(part(1, export(1, 1))), remote(3));

        assertThat(catalog.workloads())
                .containsOnlyKeys(REMOTE, "NetworkGateway/net2/c2/beringia-system/gw-0/127.0.0.2:16008");
        Workload remote = found(catalog.workloads(), REMOTE);
        assertThat(remote.capacity()).isEqualTo(3_000);
        assertThat(remote.health()).isEqualTo(Health.HEALTHY);
        assertThat(remote.trustDomain().name()).isEqualTo("c2.example");
        assertThat(remote.locality().region()).isEqualTo("zone-region-2");
        assertThat(remote.targetPort(ECHO, 80)).hasValue(8080);
        assertThat(remote.networkGateway())
                .hasValueSatisfying(gateway -> assertThat(gateway)
                        .isInstanceOfSatisfying(
                                GatewayRef.ByHostname.class,
                                named -> assertThat(found(catalog.services(), named.service())
                                                .subjectAltNames())
                                        .containsExactly(Clusters.identity(2, "beringia-system", "gateway"))));
        assertThat(found(catalog.services(), ECHO).subjectAltNames()).hasSize(2);
        assertThat(found(catalog.services(), ECHO).loadBalancing()).isEqualTo(LoadBalancing.LOCAL_FIRST);
        assertThat(catalog.exported()).as("only gateways hear of it").isEmpty();
        assertThat(catalog.clusters()).as("only gateways hear of it").isEmpty();
    }

    @Test
    void what_an_earlier_life_knew_is_served_and_counts_as_unheard_until_it_is_heard() throws Exception {
        Federation reborn = new Federation(id(1), Set.of(id(2), id(3)));
        Thread thread = Thread.ofVirtual().start(reborn);
        OwnObjects kept = new OwnObjects(List.of(pod(1, "kept")), List.of(), List.of(), List.of());

        CatalogSource source = reborn.source(GATEWAY, Optional.empty());
        reborn.post(new Federation.Update.Restored(
                kept, List.of(part(1, export(1, 1)), part(2, export(2, 2)), part(3, export(3, 3)))));
        await().atMost(PATIENCE).until(() -> reborn.awaited().isEmpty());
        assertThat(source.latest().workloads()).containsKey("c1//Pod/demo/kept");
        assertThat(reborn.unheard()).containsExactlyInAnyOrder(id(1), id(2), id(3));

        reborn.post(remote(5));
        reborn.post(new Federation.Update.PartForgotten(id(3)));
        reborn.post(new Federation.Update.OwnPartChanged(OwnObjects.NONE, part(1)));
        await().atMost(PATIENCE).until(() -> reborn.unheard().isEmpty());
        assertThat(reborn.latest().clusters()).containsOnlyKeys(id(1), id(2));
        assertThat(source.latest().workloads()).doesNotContainKey("c1//Pod/demo/kept");
        thread.interrupt();
    }

    @Test
    void what_was_heard_already_is_not_replaced_by_what_an_earlier_life_knew() throws Exception {
        federation.post(new Federation.Update.OwnPartChanged(OwnObjects.NONE, part(1, export(1, 1))));
        federation.post(remote(5));
        federation.post(new Federation.Update.Restored(
                new OwnObjects(List.of(pod(1, "kept")), List.of(), List.of(), List.of()),
                List.of(part(1), part(2), part(3, export(3, 3)))));
        await().atMost(PATIENCE).until(() -> federation.latest().clusters().containsKey(id(3)));

        assertThat(federation.latest().objects()).isEqualTo(OwnObjects.NONE);
        assertThat(found(federation.latest().services(), ECHO).parts())
                .extracting(FederatedService.Part::cluster)
                .containsExactly(id(1), id(2), id(3));
        assertThat(federation.unheard()).containsExactly(id(3));
    }

    @Test
    void nothing_ready_is_unhealthy_and_never_capacity_zero() throws Exception {
        Workload remote = found(
                after(ZTUNNEL_DIRECT, new Federation.Update.PartChanged(part(1, export(1, 1))), remote(0))
                        .workloads(),
                REMOTE);

        assertThat(remote.health()).isEqualTo(Health.UNHEALTHY);
        assertThat(remote.capacity()).isEqualTo(1);
    }

    @Test
    void relay_mode_collapses_all_clusters_into_one_workload_behind_our_own_gateway() throws Exception {
        Catalog catalog = after(
                ZTUNNEL_RELAY,
                new Federation.Update.PartChanged(part(1, export(1, 1))),
                remote(3),
                new Federation.Update.PartChanged(part(3, export(3, 4))));

        assertThat(catalog.workloads().values())
                .singleElement()
                .satisfies(
                        it -> assertThat(it.uid())
                                .isEqualTo(
                                        "relay.c1/SplitHorizonWorkload/beringia-system/gateway.beringia-system.svc.cluster.local/c1/demo/echo.demo.svc.cluster.local"))
                .satisfies(it -> assertThat(it.networkGateway()).contains(RELAY))
                .satisfies(it -> assertThat(it.capacity()).isEqualTo(7_000));
    }

    @Test
    void the_oldest_export_says_what_becomes_of_streams() throws Exception {
        assertThat(onFailure(holding(export(1, 1)), export(2, 3))).isEqualTo(RelayTarget.OnFailure.HOLD);
        assertThat(onFailure(export(1, 1), holding(export(2, 3)))).isEqualTo(RelayTarget.OnFailure.RESET);
    }

    private RelayTarget.OnFailure onFailure(Export ours, Export theirs) throws Exception {
        Catalog catalog = after(
                GATEWAY,
                new Federation.Update.PartChanged(part(1, ours)),
                new Federation.Update.PartChanged(part(2, theirs)));
        return found(catalog.relayTargets(), ECHO.hostname()).onFailure();
    }

    @Test
    void a_gateway_is_told_targets_and_clusters() throws Exception {
        Catalog catalog = after(GATEWAY, new Federation.Update.PartChanged(part(1, export(1, 1))), remote(3));

        assertThat(found(catalog.relayTargets(), ECHO.hostname()).parts())
                .singleElement()
                .satisfies(it -> assertThat(it.cluster()).isEqualTo(id(2)))
                .satisfies(it -> assertThat(it.ports()).containsExactly(80))
                .satisfies(it -> assertThat(it.capacity()).isEqualTo(3_000))
                .satisfies(it -> assertThat(it.share()).isEmpty());
        assertThat(catalog.clusters()).containsOnlyKeys(id(1), id(2));
        assertThatThrownBy(() -> new Audience(Audience.Kind.GATEWAY, Audience.Mode.RELAY))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_plan_turns_shares_into_capacities_against_the_local_ones() throws Exception {
        Shares shares = Shares.of(new Shares.Share(region(1), 7_500), new Shares.Share(region(2), 2_500));
        Catalog catalog = after(
                ZTUNNEL_DIRECT,
                new Federation.Update.PartChanged(part(1, export(1, 3))),
                own(pod(1, "a", ECHO), pod(1, "b", ECHO), pod(1, "c", ECHO)),
                remote(50),
                new Federation.Update.PlanChanged(plan(1, shares)));

        assertThat(found(catalog.workloads(), REMOTE).capacity())
                .as("3,000 local at 75 %% stand to 1,000 remote at 25 %%")
                .isEqualTo(1_000);
        assertThat(found(catalog.services(), ECHO).loadBalancing()).isEqualTo(LoadBalancing.STANDARD);
        assertThat(catalog.plan().seq()).isEqualTo(1);
    }

    @Test
    void a_service_that_moved_away_leaves_the_pods() throws Exception {
        ServiceName other = new ServiceName("demo", "other.demo.svc.cluster.local");
        Federation.Update[] updates = {
            new Federation.Update.PartChanged(part(1, export(1, 2))),
            own(pod(1, "only", ECHO), pod(1, "both", ECHO, other)),
            remote(3),
            new Federation.Update.PlanChanged(plan(1, Shares.all(region(2))))
        };
        Catalog catalog = after(ZTUNNEL_DIRECT, updates);

        assertThat(found(catalog.workloads(), "c1//Pod/demo/only").health()).isEqualTo(Health.UNHEALTHY);
        assertThat(found(catalog.workloads(), "c1//Pod/demo/both").services()).containsOnlyKeys(other);
        assertThat(found(catalog.workloads(), "c1//Pod/demo/both").health()).isEqualTo(Health.HEALTHY);
        assertThat(found(catalog.workloads(), REMOTE).capacity()).isEqualTo(10_000);
        assertThat(found(federation.source(GATEWAY, Optional.empty()).latest().relayTargets(), ECHO.hostname())
                        .parts())
                .extracting(RelayTarget.Part::share)
                .containsExactly(OptionalInt.of(10_000));
    }

    @ParameterizedTest
    @CsvSource({
        // policy, health, capacity, locality, capacity for gateways
        "KEEP, HEALTHY, 3000, zone-region-2, 3000",
        "DEPREFERENCE, HEALTHY, 30, '', 30",
        "DROP, UNHEALTHY, 1, zone-region-2, 0"
    })
    void of_a_silent_cluster_clients_are_told_what_an_operator_wants(
            StalePolicy policy, Health health, long capacity, String region, long relayed) throws Exception {
        Federation.Update silence =
                new Federation.Update.PathsChanged(LocalOverrides.NONE.with(new TreeMap<>(Map.of(id(2), policy))));
        Catalog catalog =
                after(ZTUNNEL_DIRECT, new Federation.Update.PartChanged(part(1, export(1, 1))), remote(3), silence);

        Workload remote = found(catalog.workloads(), REMOTE);
        assertThat(remote.health()).isEqualTo(health);
        assertThat(remote.capacity()).isEqualTo(capacity);
        assertThat(remote.locality().region()).isEqualTo(region);
        assertThat(found(after(GATEWAY).relayTargets(), ECHO.hostname()).parts())
                .extracting(RelayTarget.Part::capacity)
                .containsExactly(relayed);

        assertThat(found(
                                after(ZTUNNEL_DIRECT, new Federation.Update.PathsChanged(LocalOverrides.NONE))
                                        .workloads(),
                                REMOTE)
                        .capacity())
                .as("back with the first sign")
                .isEqualTo(3_000);
    }

    @Test
    void an_older_plan_is_passed_over() throws Exception {
        Catalog catalog = after(
                ZTUNNEL_DIRECT,
                new Federation.Update.PartChanged(part(1, export(1, 1))),
                new Federation.Update.PlanChanged(plan(2, Shares.all(region(1)))),
                new Federation.Update.PlanChanged(plan(1, Shares.all(region(2)))));

        assertThat(catalog.plan().seq()).isEqualTo(2);
    }

    @Test
    void a_service_that_nobody_exports_any_more_is_gone() throws Exception {
        after(ZTUNNEL_DIRECT, new Federation.Update.PartChanged(part(1)), remote(3));
        assertThat(federation.latest().services()).containsOnlyKeys(ECHO);

        federation.post(new Federation.Update.PartChanged(part(2)));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(federation.latest().services())
                        .as("the service of no part")
                        .isEmpty());
    }

    @Test
    void a_forgotten_cluster_leaves_no_trace() throws Exception {
        after(ZTUNNEL_DIRECT, new Federation.Update.PartChanged(part(1)), remote(3));

        federation.post(new Federation.Update.PartForgotten(id(2)));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(federation.latest().clusters())
                        .as("the clusters that are left")
                        .containsOnlyKeys(id(1)));
        assertThat(federation.latest().services()).isEmpty();
    }

    @Test
    void any_order_of_the_parts_gives_the_same_catalog() throws Exception {
        Catalog forward = after(ZTUNNEL_DIRECT, new Federation.Update.PartChanged(part(1, export(1, 1))), remote(3));
        Federation second = new Federation(id(1));
        Thread thread = Thread.ofVirtual().start(second);
        try {
            second.post(remote(3));
            second.post(new Federation.Update.PartChanged(part(1, export(1, 1))));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(second.latest().clusters())
                            .as("both parts arrived")
                            .hasSize(2));
            Catalog backward = second.source(ZTUNNEL_DIRECT, Optional.empty()).latest();
            assertThat(backward.workloads()).isEqualTo(forward.workloads());
            assertThat(backward.services()).isEqualTo(forward.services());
        } finally {
            thread.interrupt();
        }
    }

    @Test
    void nobody_is_told_anything_before_all_awaited_parts_came_or_are_late() throws Exception {
        Federation patient = new Federation(id(1), Set.of(id(2)));
        CatalogSource source = patient.source(ZTUNNEL_DIRECT, Optional.empty());
        Thread thread = Thread.ofVirtual().start(patient);
        try {
            patient.post(new Federation.Update.PartChanged(part(3, export(3, 1))));
            patient.post(new Federation.Update.OwnPartChanged(OwnObjects.NONE, part(1, export(1, 1))));
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(patient.awaited()).as("missing parts").containsExactly(id(2)));
            assertThat(source.latest()).isEqualTo(Catalog.EMPTY);

            patient.post(new Federation.Update.AwaitedLate());
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(source.latest().services())
                            .as("without it")
                            .containsKey(ECHO));
            assertThat(patient.awaited()).isEmpty();
        } finally {
            thread.interrupt();
        }
    }

    @Test
    void without_a_healthy_gateway_of_our_own_proxies_dial_those_of_others() throws Exception {
        Catalog relayed = after(ZTUNNEL_RELAY, new Federation.Update.PartChanged(part(1)), remote(3));
        assertThat(relayed.workloads().keySet()).singleElement().asString().startsWith("relay.c1/");

        Catalog direct = after(
                ZTUNNEL_RELAY,
                new Federation.Update.PartChanged(
                        ClusterExports.of(Clusters.withGateways(Clusters.state(1), Health.UNHEALTHY), List.of())));
        assertThat(direct.workloads()).as("both halves in one revision").containsKey(REMOTE);
        assertThat(direct.workloads().keySet()).noneMatch(uid -> uid.startsWith("relay.c1/"));
    }

    @Test
    void what_our_own_observers_cannot_reach_is_unhealthy_and_its_share_goes_home() throws Exception {
        Federation.Update[] updates = {
            new Federation.Update.PartChanged(part(1, export(1, 1))),
            own(pod(1, "a", ECHO)),
            remote(3),
            new Federation.Update.PlanChanged(
                    plan(1, Shares.of(new Shares.Share(region(1), 5_000), new Shares.Share(region(2), 5_000)))),
            paths(0)
        };
        Catalog cut = after(ZTUNNEL_DIRECT, updates);
        assertThat(found(cut.workloads(), REMOTE).health()).isEqualTo(Health.UNHEALTHY);
        assertThat(found(cut.workloads(), "c1//Pod/demo/a").health()).isEqualTo(Health.HEALTHY);
        assertThat(parts(ECHO)).as("told to gateways, too").containsExactly(OptionalInt.empty());

        Catalog half = after(ZTUNNEL_DIRECT, paths(5_000));
        assertThat(found(half.workloads(), REMOTE).capacity())
                .as("a quarter against three")
                .isEqualTo(333);
        assertThat(parts(ECHO)).containsExactly(OptionalInt.of(2_500));

        Catalog whole = after(ZTUNNEL_DIRECT, new Federation.Update.PathsChanged(LocalOverrides.NONE));
        assertThat(found(whole.workloads(), REMOTE).capacity()).isEqualTo(1_000);
    }

    @Test
    void a_region_in_reserve_counts_only_as_far_as_it_is_reached() throws Exception {
        Catalog half = after(
                ZTUNNEL_RELAY,
                new Federation.Update.PartChanged(part(1, export(1, 1))),
                remote(3),
                new Federation.Update.PartChanged(part(3, export(3, 2))),
                paths(5_000));
        assertThat(half.workloads().values())
                .singleElement()
                .satisfies(relayed -> assertThat(relayed.capacity()).isEqualTo(1_500 + 2_000));

        Catalog cut = after(ZTUNNEL_RELAY, paths(0));
        assertThat(cut.workloads().values())
                .singleElement()
                .satisfies(relayed -> assertThat(relayed.capacity()).isEqualTo(2_000));
    }

    @Test
    void where_nothing_would_be_left_the_plan_stands_and_says_so() throws Exception {
        Catalog moved = after(
                ZTUNNEL_DIRECT,
                new Federation.Update.PartChanged(part(1)),
                remote(3),
                new Federation.Update.PlanChanged(plan(1, Shares.all(region(2)))),
                paths(0));
        assertThat(found(moved.workloads(), REMOTE).health()).isEqualTo(Health.HEALTHY);
        assertThat(LocalRows.panics(federation.latest())).containsExactly(ECHO);

        after(ZTUNNEL_DIRECT, new Federation.Update.PartChanged(part(1, export(1, 1))));
        assertThat(LocalRows.panics(federation.latest())).as("home can take it").isEmpty();
    }

    @Test
    void a_gateway_of_ours_that_no_sibling_reaches_is_unhealthy_unless_it_is_the_only_one() throws Exception {
        GatewayAddress first = Clusters.state(1).gateways().getFirst();
        GatewayAddress second = new GatewayAddress(
                first.cluster(),
                first.region(),
                first.network(),
                "gw-1",
                SocketAddress.parse("10.0.0.1:16008"),
                first.identity(),
                Health.HEALTHY,
                1);
        Federation.Update shut = new Federation.Update.PathsChanged(
                new LocalOverrides(new TreeMap<>(), new TreeSet<>(Set.of("gw-1")), new TreeMap<>()));
        ClusterState two = Clusters.state(1).with(List.of(first, second));

        Catalog cut = after(
                ZTUNNEL_RELAY,
                own(pod(1, "gw-1"), pod(1, "gw-2")),
                new Federation.Update.PartChanged(ClusterExports.of(two, List.of())),
                remote(3),
                shut);
        assertThat(found(cut.workloads(), "c1//Pod/demo/gw-1").health()).isEqualTo(Health.UNHEALTHY);
        assertThat(found(cut.workloads(), "c1//Pod/demo/gw-2").health()).isEqualTo(Health.HEALTHY);
        assertThat(cut.workloads().keySet()).as("through the other").anyMatch(uid -> uid.startsWith("relay.c1/"));

        Catalog only = after(
                ZTUNNEL_RELAY,
                new Federation.Update.PartChanged(ClusterExports.of(two.with(List.of(second)), List.of())));
        assertThat(found(only.workloads(), "c1//Pod/demo/gw-1").health()).isEqualTo(Health.HEALTHY);
    }

    private static Federation.Update paths(int gradeOfTwo) {
        return new Federation.Update.PathsChanged(LocalOverrides.of(Map.of(region(2), gradeOfTwo)));
    }

    private List<OptionalInt> parts(ServiceName service) {
        return found(federation.source(GATEWAY, Optional.empty()).latest().relayTargets(), service.hostname())
                .parts()
                .stream()
                .map(RelayTarget.Part::share)
                .toList();
    }

    private Catalog after(Audience audience, Federation.Update... updates) throws Exception {
        CatalogSource source = federation.source(
                audience, audience.mode() == Audience.Mode.RELAY ? Optional.of(RELAY) : Optional.empty());
        try (CatalogSource.Subscription subscription = source.subscribe(published::release)) {
            for (Federation.Update update : updates) {
                federation.post(update);
                assertThat(published.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .as("published after %s", update)
                        .isTrue();
            }
        }
        return source.latest();
    }

    private static <K, V> V found(Map<K, V> values, K key) {
        return Optional.ofNullable(values.get(key)).orElseThrow();
    }

    private static Federation.Update own(Workload... pods) {
        return new Federation.Update.OwnChanged(new OwnObjects(List.of(pods), List.of(), List.of(), List.of()));
    }

    private static Federation.Update remote(long ready) {
        return new Federation.Update.PartChanged(part(2, export(2, ready)));
    }
}
