package io.beringia.discovery.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.apiserver.LabApi;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.lab.LabApiServer;
import io.beringia.discovery.lab.LabFault;
import io.beringia.trust.identity.TrustDomain;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a watch makes of an API that misbehaves: it may be late, it never shows less than there is. */
final class ClusterWatchFaultsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String NAMESPACE = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop}
            """;
    private static final String PODS = NAMESPACE + """
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: cart-1, namespace: shop}
            status: {phase: Running, podIP: 10.1.0.1, conditions: [{type: Ready, status: "True"}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: cart-2, namespace: shop}
            status: {phase: Running, podIP: 10.1.0.2, conditions: [{type: Ready, status: "True"}]}
            """;

    private static final String EXPORTS = "serviceexports.multicluster.x-k8s.io";
    private static final String EXPORT = """
            ---
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: serviceexports.multicluster.x-k8s.io}
            spec: {versions: [{name: v1beta1}]}
            ---
            apiVersion: multicluster.x-k8s.io/v1beta1
            kind: ServiceExport
            metadata: {name: cart, namespace: shop}
            """;

    @TempDir
    private Path directory;

    private final List<List<String>> told = new CopyOnWriteArrayList<>();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private volatile boolean exported;
    private volatile int services;
    private volatile int heldBack;
    private volatile List<HeldKind> heldKinds = List.of();
    private final List<List<HeldKind>> toldHeld = new CopyOnWriteArrayList<>();
    private LabApi api;
    private Optional<ClusterWatch> watch = Optional.empty();

    @BeforeEach
    void start() {
        api = LabApi.start(directory, PODS);
    }

    @AfterEach
    void stop() {
        watch.ifPresent(ClusterWatch::close);
        api.close();
    }

    /** Both pods, whatever is told of them. */
    private void follow() {
        watch = Optional.of(ClusterWatch.start(
                Kubeconfig.anonymous(api.lab().uri()),
                new LocalCluster(
                        new ClusterId("us-east"),
                        new Network("net-east"),
                        new TrustDomain("cluster.local"),
                        "cluster.local",
                        "istio-system"),
                new ClusterWatch.Liveness(Duration.ofMillis(50), Duration.ofMillis(500), Duration.ofMinutes(3)),
                now::get,
                this::tell));
    }

    private void tell(ClusterNews news) {
        if (news instanceof ClusterNews.HeldBack held) {
            heldBack = held.objects();
            heldKinds = held.kinds();
            toldHeld.add(held.kinds());
        }
        if (news instanceof ClusterNews.PartChanged(LocalPart part)) {
            exported = !part.mcs().exports().isEmpty();
            services = part.services().size();
            told.add(part.workloads().stream()
                    .map(ClusterWatchFaultsTest::text)
                    .sorted()
                    .toList());
        }
    }

    private void advance(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    private static String text(Workload pod) {
        return pod.name() + " "
                + pod.addresses().stream().map(IpAddress::toString).toList() + " "
                + (pod.health() == Health.HEALTHY ? "ready" : "unready");
    }

    private void awaitPods(String... wanted) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(told).last().isEqualTo(List.of(wanted)));
    }

    private void move(String pod, String ip) {
        api.client()
                .pods()
                .inNamespace("shop")
                .withName(pod)
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":{\"podIP\":\"" + ip + "\"}}");
    }

    /** Not as a client, who might meet the fault; a broken file beside shows when both were read. */
    private void become(String yaml) throws Exception {
        Path broken = Files.writeString(directory.resolve("broken.yaml"), "kind: [");
        api.hold(yaml);
        await().atMost(PATIENCE).until(() -> !api.lab().problems().isEmpty());
        Files.delete(broken);
        await().atMost(PATIENCE).until(() -> api.lab().problems().isEmpty());
    }

    static Stream<LabFault> faultsOfTheFirstList() {
        return Stream.of(
                new LabFault.SlowLists(Duration.ofSeconds(1)),
                new LabFault.Busy(Duration.ofSeconds(1)),
                new LabFault.TruncatedAnswers());
    }

    @ParameterizedTest
    @MethodSource("faultsOfTheFirstList")
    void nothing_is_told_before_everything_was_listed(LabFault fault) {
        api.lab().fail(fault);
        follow();
        await().during(Duration.ofMillis(300)).atMost(PATIENCE).until(told::isEmpty);
        api.lab().fail(new LabFault.None());

        awaitPods("cart-1 [10.1.0.1] ready", "cart-2 [10.1.0.2] ready");
        assertThat(told).as("never half of it").hasSize(1);
    }

    static Stream<LabFault> faultsOfWatches() {
        return Stream.of(
                new LabFault.BrokenWatches(),
                new LabFault.TruncatedAnswers(),
                new LabFault.Busy(Duration.ofSeconds(1)),
                new LabFault.SlowLists(Duration.ofSeconds(1)));
    }

    @ParameterizedTest
    @MethodSource("faultsOfWatches")
    void a_watch_that_breaks_shows_the_change_later_and_never_less_than_there_is(LabFault fault) throws Exception {
        follow();
        awaitPods("cart-1 [10.1.0.1] ready", "cart-2 [10.1.0.2] ready");

        api.lab().fail(fault);
        become(PODS.replace("10.1.0.1", "10.1.0.3"));
        api.lab().compact();
        become(PODS.replace("10.1.0.1", "10.1.0.3").replace("10.1.0.2", "10.1.0.4"));
        api.lab().fail(new LabFault.None());

        awaitPods("cart-1 [10.1.0.3] ready", "cart-2 [10.1.0.4] ready");
        assertThat(told)
                .as("both pods, always")
                .allSatisfy(pods -> assertThat(pods).hasSize(2));
    }

    @Test
    void what_is_said_twice_is_told_once() {
        follow();
        awaitPods("cart-1 [10.1.0.1] ready", "cart-2 [10.1.0.2] ready");

        api.lab().fail(new LabFault.DuplicatedEvents());
        move("cart-1", "10.1.0.3");
        awaitPods("cart-1 [10.1.0.3] ready", "cart-2 [10.1.0.2] ready");
        move("cart-2", "10.1.0.4");

        awaitPods("cart-1 [10.1.0.3] ready", "cart-2 [10.1.0.4] ready");
        assertThat(told).hasSize(3);
    }

    @Test
    void changes_of_two_objects_may_come_in_any_order() {
        follow();
        awaitPods("cart-1 [10.1.0.1] ready", "cart-2 [10.1.0.2] ready");

        api.lab().fail(new LabFault.ReorderedEvents());
        move("cart-1", "10.1.0.3");
        move("cart-2", "10.1.0.4");

        awaitPods("cart-1 [10.1.0.3] ready", "cart-2 [10.1.0.4] ready");
        assertThat(told).as("the later one first, or both at once").hasSizeBetween(2, 3);
        assertThat(told.get(1)).contains("cart-2 [10.1.0.4] ready");
    }

    @Test
    void what_was_lost_is_found_by_the_next_list() throws Exception {
        follow();
        awaitPods("cart-1 [10.1.0.1] ready", "cart-2 [10.1.0.2] ready");

        api.lab().fail(new LabFault.LostEvents());
        move("cart-1", "10.1.0.3");
        api.lab().fail(new LabFault.None());
        move("cart-2", "10.1.0.4");
        awaitPods("cart-1 [10.1.0.1] ready", "cart-2 [10.1.0.4] ready");

        api.lab().fail(new LabFault.BrokenWatches());
        move("cart-2", "10.1.0.5");
        api.lab().compact();
        api.lab().fail(new LabFault.None());

        awaitPods("cart-1 [10.1.0.3] ready", "cart-2 [10.1.0.5] ready");
    }

    /** As a restart of whoever installs them does it, and an update that brings another version. */
    @Test
    void a_definition_that_vanishes_is_told_once_and_its_kind_is_followed_again_when_it_is_back() {
        api.hold(PODS + EXPORT);
        follow();
        await().atMost(PATIENCE).until(() -> exported);

        api.hold(PODS);
        await().atMost(PATIENCE).until(() -> !exported);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(heldKinds).containsExactly(undefined(0)));
        assertThat(heldKinds.getFirst())
                .hasToString("0 serviceexports.multicluster.x-k8s.io held: its CustomResourceDefinition is gone,"
                        + " until that is back and lists it or not");
        api.hold(PODS + EXPORT.replace("v1beta1", "v1alpha1"));

        await().atMost(PATIENCE).until(() -> exported && heldKinds.isEmpty());
        assertThat(toldHeld).as("gone, and back").containsExactly(List.of(undefined(0)), List.of());
        assertThat(told)
                .as("both pods, always")
                .allSatisfy(pods -> assertThat(pods).hasSize(2));
    }

    @Test
    void what_nobody_deleted_outlasts_its_definition_and_is_judged_by_two_lists_when_that_is_back() throws Exception {
        api.hold(PODS + EXPORT);
        follow();
        await().atMost(PATIENCE).until(() -> exported);

        api.lab().fail(new LabFault.LostEvents());
        become(PODS);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(heldKinds).containsExactly(undefined(1)));
        advance(Duration.ofMinutes(10));
        move("cart-1", "10.1.0.3");
        api.lab().fail(new LabFault.None());
        move("cart-2", "10.1.0.4");
        await().atMost(PATIENCE).until(() -> told.getLast().toString().contains("10.1.0.4"));
        assertThat(exported).as("never by time").isTrue();

        become(PODS + EXPORT.substring(0, EXPORT.lastIndexOf("---")));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(heldKinds).containsExactly(new HeldKind(EXPORTS, 1, HeldKind.Reason.MISSING)));
        assertThat(exported).as("one list lacks it").isTrue();
        advance(Duration.ofSeconds(61));
        await().atMost(PATIENCE).until(() -> !exported && heldKinds.isEmpty());
    }

    private static HeldKind undefined(int objects) {
        return new HeldKind(EXPORTS, objects, HeldKind.Reason.UNDEFINED);
    }

    @Test
    void a_watch_that_is_silent_while_its_api_answers_begins_anew_and_nothing_is_less_meanwhile() throws Exception {
        follow();
        awaitPods("cart-1 [10.1.0.1] ready", "cart-2 [10.1.0.2] ready");

        api.lab().fail(new LabFault.HalfOpen());
        become(PODS.replace("10.1.0.1", "10.1.0.3"));
        advance(Duration.ofMinutes(4));

        awaitPods("cart-1 [10.1.0.3] ready", "cart-2 [10.1.0.2] ready");
        assertThat(told)
                .as("both pods, always")
                .allSatisfy(pods -> assertThat(pods).hasSize(2));
    }

    @Test
    void a_list_that_lacks_everything_takes_nothing_away_and_the_next_one_says_that_all_is_there() {
        follow();
        awaitPods("cart-1 [10.1.0.1] ready", "cart-2 [10.1.0.2] ready");

        listAnewWith(new LabFault.EmptyLists());
        await().atMost(PATIENCE).until(() -> heldBack >= 3);
        api.lab().fail(new LabFault.None());
        advance(Duration.ofSeconds(61));
        await().atMost(PATIENCE).until(() -> heldBack == 0);
        move("cart-1", "10.1.0.3");

        awaitPods("cart-1 [10.1.0.3] ready", "cart-2 [10.1.0.2] ready");
        assertThat(told)
                .as("both pods, always")
                .allSatisfy(pods -> assertThat(pods).hasSize(2));
    }

    @Test
    void what_two_lists_a_minute_apart_lack_is_gone() {
        follow();
        awaitPods("cart-1 [10.1.0.1] ready", "cart-2 [10.1.0.2] ready");

        listAnewWith(new LabFault.EmptyLists());
        await().atMost(PATIENCE).until(() -> heldBack >= 3);
        assertThat(told).hasSize(1);
        advance(Duration.ofSeconds(61));

        awaitPods();
    }

    /** kubernetes/kubernetes#107457: watches that waited for a version of before the restore were silent for hours. */
    @Test
    void a_restored_past_is_seen_at_once_and_the_little_that_it_lacks_stays_until_a_second_list() throws Exception {
        api.hold(PODS + service(1) + service(2));
        follow();
        await().atMost(PATIENCE).until(() -> services == 2);
        LabApiServer.Backup past = api.lab().backup();
        become(PODS.replace("10.1.0.1", "10.1.0.3") + service(1) + service(2) + service(3) + service(4) + service(5));
        awaitPods("cart-1 [10.1.0.3] ready", "cart-2 [10.1.0.2] ready");
        await().atMost(PATIENCE).until(() -> services == 5);

        api.lab().fail(new LabFault.FutureWatches());
        api.lab().restore(past);

        awaitPods("cart-1 [10.1.0.1] ready", "cart-2 [10.1.0.2] ready");
        await().atMost(PATIENCE).until(() -> heldBack == 3);
        assertThat(services).as("three of five is little, and yet").isEqualTo(5);
        advance(Duration.ofSeconds(61));
        await().atMost(PATIENCE).until(() -> services == 2);
        assertThat(heldBack).isZero();
    }

    /** A deletion says more than a gap in a list; but not that somebody meant it. */
    @Test
    void a_wiped_namespace_loses_its_pods_at_once_and_half_of_its_services_half_a_minute_later() throws Exception {
        String services12 = IntStream.rangeClosed(1, 12)
                .mapToObj(ClusterWatchFaultsTest::service)
                .collect(Collectors.joining());
        api.hold(PODS + services12);
        follow();
        await().atMost(PATIENCE).until(() -> services == 12);

        become(NAMESPACE);
        awaitPods();
        await().atMost(PATIENCE).until(() -> heldBack == 6);
        assertThat(services).as("half of them went at once").isEqualTo(6);
        become(PODS + services12);
        await().atMost(PATIENCE).until(() -> heldBack == 0 && services == 12);

        advance(Duration.ofSeconds(31));
        become(NAMESPACE);
        await().atMost(PATIENCE).until(() -> heldBack == 6);
        assertThat(services).isEqualTo(6);
        advance(Duration.ofSeconds(31));
        await().atMost(PATIENCE).until(() -> heldBack == 0 && services == 0);
    }

    private static String service(int number) {
        return """
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: service-%d, namespace: shop}
                spec: {clusterIP: 10.0.0.%d, ports: [{port: 80}]}
                """.formatted(number, number);
    }

    private void listAnewWith(LabFault fault) {
        api.lab().fail(fault);
        advance(Duration.ofMinutes(4));
    }

    @Test
    void a_wrong_clock_of_the_server_changes_nothing() {
        follow();
        awaitPods("cart-1 [10.1.0.1] ready", "cart-2 [10.1.0.2] ready");

        api.lab().fail(new LabFault.ClockSkew(Duration.ofDays(-400)));
        move("cart-1", "10.1.0.3");

        awaitPods("cart-1 [10.1.0.3] ready", "cart-2 [10.1.0.2] ready");
    }
}
