package io.beringia.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.RegionEvidence.PathReport;
import io.beringia.discovery.catalog.RegionEvidence.Readiness;
import io.beringia.discovery.catalog.RegionEvidence.SiblingReport;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionPhase;
import io.beringia.discovery.catalog.RegionPlan;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.plan.PlanConfig;
import io.beringia.discovery.wire.EvidenceClient;
import io.beringia.discovery.wire.PlanCodec;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Predicate;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryNTimes;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two clusters that peer, observers of one of them, and a plan in a real ZooKeeper. */
final class DiscoverySteeringTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Between two reports. The site sees five times as much pass, and still far less than makes a report old. */
    private static final Duration STEP = Duration.ofMillis(100);

    private static final RegionId EAST = new RegionId("region-east");
    private static final RegionId WEST = new RegionId("region-west");
    private static final String EXPORTED = LabCluster.SHOP + LabCluster.CART_OF.formatted("true", "True");

    private static final String SECOND_GATEWAY = """
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: gw-1, namespace: beringia-system, labels: {app: gateway}}
            spec: {serviceAccountName: gateway}
            status: {phase: Running, podIP: 127.0.0.10, conditions: [{type: Ready, status: "True"}]}
            """;

    @TempDir
    private Path directory;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final BlockingQueue<String> lost = new LinkedBlockingQueue<>();
    private TestMesh mesh;
    private TestingServer zookeeper;
    private LabCluster east;
    private LabCluster.Follower host;

    @BeforeEach
    void start() throws Exception {
        mesh = new TestMesh(directory.resolve("ca"), "east", "west");
        zookeeper = opened(new TestingServer(true));
        PlanConfig planFrom = new PlanConfig(
                zookeeper.getConnectString(),
                PlanConfig.DEFAULT_SESSION,
                "mesh",
                Set.of(TestMesh.id("beringia-system", "failover")),
                directory.resolve("plan"));
        east = opened(new LabCluster(
                directory,
                mesh,
                "east",
                EXPORTED + SECOND_GATEWAY,
                List.of(LabCluster.awaited("west")),
                Optional.of(planFrom)));
        opened(new LabCluster(directory, mesh, "west", EXPORTED, List.of(east.asPeer()), Optional.empty()));
        host = opened(east.host());
    }

    private <T extends AutoCloseable> T opened(T one) {
        open.add(one);
        return one;
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    @Test
    void a_path_that_is_down_takes_its_region_from_our_own_clients_until_it_is_back() {
        awaitHost("in reserve", catalog -> reserve(catalog).equals(Optional.of(Health.HEALTHY)));
        EvidenceClient.Reporting observer = opened(
                EvidenceClient.reporting(List.of(channel("gateway")), sources(), (replica, why) -> lost.add(why)));

        reportUntil(observer, PathState.DOWN, catalog -> reserve(catalog).equals(Optional.of(Health.UNHEALTHY)));
        assertThat(host().workloads().values())
                .as("home serves on")
                .anyMatch(pod -> pod.name().equals("cart-1") && pod.health() == Health.HEALTHY);

        reportUntil(observer, PathState.UP, catalog -> reserve(catalog).equals(Optional.of(Health.HEALTHY)));
    }

    @Test
    void a_gateway_that_hangs_is_shown_as_unhealthy_by_the_word_of_the_one_beside_it() {
        awaitHost("both gateways", catalog -> health(catalog, "gw-1").equals(Optional.of(Health.HEALTHY)));
        EvidenceClient.Reporting observer = opened(
                EvidenceClient.reporting(List.of(channel("gateway")), sources(), (replica, why) -> lost.add(why)));

        reportUntil(
                observer,
                sibling(PathState.DOWN),
                catalog -> health(catalog, "gw-1").equals(Optional.of(Health.UNHEALTHY)));
        assertThat(health(host(), "gw-0")).as("who says so").contains(Health.HEALTHY);
        assertThat(reserve(host())).as("the relay").isPresent();

        reportUntil(
                observer,
                sibling(PathState.UP),
                catalog -> health(catalog, "gw-1").equals(Optional.of(Health.HEALTHY)));
    }

    private static ObserverReport sibling(PathState state) {
        return new ObserverReport("gw-0", Duration.ZERO, 0, true, List.of(), List.of(new SiblingReport("gw-1", state)));
    }

    private static Optional<Health> health(Catalog catalog, String gateway) {
        return Optional.ofNullable(catalog.workloads().get("east//Pod/beringia-system/" + gateway))
                .map(Workload::health);
    }

    @Test
    void whoever_may_lead_follows_what_the_site_has_seen() throws Exception {
        awaitHost("a catalog", catalog -> reserve(catalog).isPresent());
        EvidenceClient.Following leader = following("failover");
        EvidenceClient.Reporting observer = opened(
                EvidenceClient.reporting(List.of(channel("gateway")), sources(), (replica, why) -> lost.add(why)));
        observer.report(report(PathState.UP));

        RegionEvidence seen = awaitEvidence(
                leader, it -> !it.observers().isEmpty() && !it.heartbeats().isEmpty());
        assertThat(seen.site()).isEqualTo(EAST);
        assertThat(seen.observers()).extracting(ObserverReport::observer).containsExactly("gw-0");
        assertThat(seen.heartbeats()).extracting(RegionEvidence.Heartbeat::from).containsExactly(WEST);
        assertThat(seen.readiness())
                .filteredOn(it -> it.service().equals(LabCluster.CART))
                .singleElement()
                .extracting(Readiness::ready, Readiness::total)
                .containsExactly(1, 1);

        write(plan(1, RegionPhase.ACTIVE));
        awaitEvidence(
                leader,
                it -> it.proxies().accepted().equals(new PlanVersion(1, 1))
                        && it.proxies().connected() == 2
                        && it.proxies().acknowledged() == 2);
    }

    @Test
    void a_plan_is_obeyed_and_an_older_one_is_not() throws Exception {
        awaitHost("in reserve", catalog -> reserve(catalog).equals(Optional.of(Health.HEALTHY)));

        write(plan(7, RegionPhase.EVACUATED));
        awaitHost(
                "evacuated",
                catalog -> catalog.plan().equals(new PlanVersion(1, 7))
                        && reserve(catalog).equals(Optional.of(Health.UNHEALTHY)));
        assertThat(east.catalog().clusters().values())
                .filteredOn(cluster -> cluster.region().equals(WEST))
                .allMatch(cluster -> cluster.status() == RegionStatus.OUT);

        write(plan(6, RegionPhase.ACTIVE));
        await().atMost(PATIENCE)
                .until(() ->
                        east.meters().get("discovery.plan.refused").counter().count() > 0);
        assertThat(host().plan()).isEqualTo(new PlanVersion(1, 7));
    }

    @Test
    void others_may_neither_report_nor_follow() throws Exception {
        opened(EvidenceClient.reporting(List.of(channel("failover")), sources(), (replica, why) -> lost.add(why)))
                .report(report(PathState.DOWN));
        await().atMost(PATIENCE).until(() -> lost.stream().anyMatch(why -> why.contains("may not report")));

        EvidenceClient.Following stranger = following("gateway");
        await().atMost(PATIENCE).until(() -> lost.stream().anyMatch(why -> why.contains("may not follow")));
        assertThat(stranger.latest()).isEmpty();
        assertThat(east.meters().get("discovery.evidence.refused").counter().count())
                .isGreaterThanOrEqualTo(2);
    }

    private void reportUntil(EvidenceClient.Reporting observer, PathState state, Predicate<Catalog> wanted) {
        reportUntil(observer, report(state), wanted);
    }

    private void reportUntil(EvidenceClient.Reporting observer, ObserverReport report, Predicate<Catalog> wanted) {
        await().atMost(PATIENCE.plus(PATIENCE)).pollInterval(STEP).until(() -> {
            observer.report(report);
            east.advance(STEP.multipliedBy(4));
            return wanted.test(host());
        });
    }

    private static ObserverReport report(PathState state) {
        return new ObserverReport(
                "gw-0",
                Duration.ZERO,
                0,
                true,
                List.of(new PathReport(WEST, state, Duration.ofSeconds(2), Duration.ofMillis(70), false)));
    }

    private EvidenceClient.Following following(String account) {
        return opened(EvidenceClient.following(
                EAST, channel(account), evidence -> {}, sources(), (replica, why) -> lost.add(why)));
    }

    private static RegionEvidence awaitEvidence(EvidenceClient.Following leader, Predicate<RegionEvidence> wanted) {
        return await().atMost(PATIENCE)
                .until(
                        () -> leader.latest().map(EvidenceClient.Held::evidence),
                        found -> found.filter(wanted).isPresent())
                .orElseThrow();
    }

    private ManagedChannel channel(String account) {
        ManagedChannel channel = Grpc.newChannelBuilder(
                        "127.0.0.1:" + east.discovery().peeringPort(),
                        mesh.tls("east", "beringia-system", account).channel(id -> true))
                .build();
        opened(channel::shutdownNow);
        return channel;
    }

    private static EvidenceClient.Sources sources() {
        return new EvidenceClient.Sources(System::nanoTime, new Random(1));
    }

    private void write(TrafficPlan plan) throws Exception {
        try (CuratorFramework leader =
                CuratorFrameworkFactory.newClient(zookeeper.getConnectString(), new RetryNTimes(50, 100))) {
            leader.start();
            leader.create()
                    .orSetData()
                    .creatingParentsIfNeeded()
                    .forPath(
                            "/beringia/mesh/failover/plan",
                            PlanCodec.sign(
                                    plan,
                                    mesh.credentials("east", "beringia-system", "failover")
                                            .svid()));
        }
    }

    private static TrafficPlan plan(long seq, RegionPhase west) {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        return new TrafficPlan(
                TrafficPlan.FORMAT,
                "mesh",
                new PlanVersion(1, seq),
                TestMesh.id("beringia-system", "failover"),
                now,
                List.of(RegionPlan.active(EAST, now), new RegionPlan(WEST, west, 0, List.of(), now, "drill", 0, now)),
                List.of(),
                List.of(),
                List.of(),
                "",
                Optional.empty());
    }

    /** What a workload of the east is told. */
    private Catalog host() {
        return host.latest();
    }

    private void awaitHost(String what, Predicate<Catalog> wanted) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(host()).as(what).matches(wanted));
    }

    /** How what stands for other clusters is, as our proxies see it. */
    private static Optional<Health> reserve(Catalog catalog) {
        return catalog.workloads().values().stream()
                .filter(it ->
                        it.uid().startsWith("relay.east/") && it.services().containsKey(LabCluster.CART))
                .map(Workload::health)
                .findFirst();
    }
}
