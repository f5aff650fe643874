package io.beringia.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.apiserver.LabApi;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.HostReport;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.hosts.HostsConfig;
import io.beringia.discovery.peering.PeerLimits;
import io.beringia.discovery.wire.CatalogClient;
import io.beringia.discovery.wire.RemoteCatalog;
import io.beringia.trust.client.SpiffeVerifier;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Machines that say how they are to one of two replicas of discovery, over one API. */
final class DiscoveryHostsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Much longer than any test takes, so that only a turned clock ends it. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    /** Longer than discovery waits for its own watch to tell what it wrote. */
    private static final Duration SETTLED = Duration.ofSeconds(6);

    /** Longer than a replica's lease lasts, and than it takes to look for leftovers. */
    private static final Duration LEASE = Duration.ofSeconds(16);

    private static final String MACHINES = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: beringia-system}
            ---
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: workloadentries.networking.istio.io}
            spec: {versions: [{name: v1}]}
            ---
            apiVersion: networking.istio.io/v1
            kind: WorkloadEntry
            metadata: {name: vm-1, namespace: shop, annotations: {proxy.istio.io/health-checks-enabled: "true"}}
            spec: {address: 127.0.0.1, serviceAccount: ledger}
            ---
            apiVersion: networking.istio.io/v1
            kind: WorkloadEntry
            metadata: {name: vm-2, namespace: shop, annotations: {proxy.istio.io/health-checks-enabled: "true"}}
            spec: {address: 127.0.0.2, serviceAccount: ledger}
            ---
            apiVersion: networking.istio.io/v1
            kind: WorkloadEntry
            metadata: {name: vm-3, namespace: shop}
            spec: {address: 127.0.0.3, serviceAccount: ledger}
            ---
            apiVersion: networking.istio.io/v1
            kind: WorkloadEntry
            metadata: {name: vm-4, namespace: shop, annotations: {proxy.istio.io/health-checks-enabled: "true"}}
            spec: {address: 127.0.0.4, serviceAccount: ledger}
            """;

    private final List<AutoCloseable> started = new ArrayList<>();

    @TempDir
    private Path directory;

    private TestMesh mesh;
    private LabApi api;

    @BeforeEach
    void start() throws IOException {
        mesh = new TestMesh(directory.resolve("ca"), "east-1");
        api = LabApi.start(Files.createDirectory(directory.resolve("manifests")), MACHINES);
        started.add(api);
        Files.writeString(directory.resolve("kubeconfig"), api.kubeconfig());
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : started.reversed()) {
            one.close();
        }
    }

    @Test
    void what_a_host_says_everybody_is_told() {
        Replica replica = new Replica("a", Optional.of(hosts("a")));
        RemoteCatalog host = replica.host("vm-1", "127.0.0.1", "ledger");
        awaitTold(host, "vm-1", Health.UNHEALTHY);

        host.say(HostReport.HEALTHY);
        awaitTold(host, "vm-1", Health.HEALTHY);
        host.say(HostReport.unhealthy("tcp 127.0.0.1:8080 was not answered"));
        awaitTold(host, "vm-1", Health.UNHEALTHY);

        assertThat(condition("vm-1"))
                .containsEntry("status", "False")
                .containsEntry("message", "tcp 127.0.0.1:8080 was not answered");
        assertThat(told(host, "vm-2")).as("nobody spoke for it").contains(Health.UNHEALTHY);
    }

    @Test
    void a_host_that_is_gone_is_unhealthy_when_its_grace_is_over() {
        Replica replica = new Replica("a", Optional.of(hosts("a")));
        RemoteCatalog other = replica.host("vm-2", "127.0.0.2", "ledger");
        RemoteCatalog host = replica.host("vm-1", "127.0.0.1", "ledger");
        host.say(HostReport.HEALTHY);
        awaitTold(other, "vm-1", Health.HEALTHY);

        host.close();
        awaitAnnotation("vm-1", "istio.io/disconnectedAt");
        assertThat(told(other, "vm-1")).as("it may come again").contains(Health.HEALTHY);
        replica.advance(GRACE);
        awaitTold(other, "vm-1", Health.UNHEALTHY);
        assertThat(condition("vm-1")).extractingByKey("message").asString().startsWith("its host is gone since 20");

        RemoteCatalog again = replica.host("vm-1", "127.0.0.1", "ledger");
        again.say(HostReport.HEALTHY);
        awaitTold(other, "vm-1", Health.HEALTHY);
    }

    @Test
    void a_replica_that_lost_a_host_does_not_overrule_the_one_that_has_it() {
        Replica first = new Replica("a", Optional.of(hosts("a")));
        Replica second = new Replica("b", Optional.of(hosts("b")));
        RemoteCatalog lost = first.host("vm-1", "127.0.0.1", "ledger");
        lost.say(HostReport.HEALTHY);
        awaitTold(lost, "vm-1", Health.HEALTHY);

        lost.close();
        RemoteCatalog found = second.host("vm-1", "127.0.0.1", "ledger");
        found.say(HostReport.HEALTHY);
        await("the other replica has it")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(annotations("vm-1"))
                        .containsEntry("istio.io/workloadController", "b")
                        .containsKey("istio.io/connectedAt")
                        .doesNotContainKey("istio.io/disconnectedAt"));
        first.advance(GRACE);
        // The first replica looks at what it lost before it looks at whoever comes later.
        first.host("vm-2", "127.0.0.2", "ledger").say(HostReport.HEALTHY);
        awaitTold(found, "vm-2", Health.HEALTHY);

        assertThat(condition("vm-1")).containsEntry("status", "True");
        assertThat(told(found, "vm-1")).contains(Health.HEALTHY);
        assertThat(first.count("discovery.hosts.writes", "health"))
                .as("vm-1 and vm-2, nothing else")
                .isEqualTo(2);
    }

    @Test
    void what_replicas_leave_that_die_is_found_by_those_that_live() {
        leave("vm-1", "dead");
        leave("vm-2", "a");
        leave("vm-4", "istiod-7c9");
        Lease lease = new LeaseBuilder()
                .withNewMetadata()
                .withName("beringia-hosts-dead")
                .withNamespace("beringia-system")
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity("dead")
                .withLeaseDurationSeconds(15)
                .endSpec()
                .build();
        var _ = api.client().leases().resource(lease).create();
        Replica replica = new Replica("a", Optional.of(hosts("a")));
        RemoteCatalog other = replica.host("vm-3", "127.0.0.3", "ledger");
        awaitTold(other, "vm-1", Health.HEALTHY);

        replica.advance(LEASE);
        awaitAnnotation("vm-2", "istio.io/disconnectedAt");
        assertThat(annotations("vm-1")).as("it may live").containsEntry("istio.io/workloadController", "dead");
        replica.advance(LEASE);
        await("taken over")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(annotations("vm-1"))
                        .containsEntry("istio.io/workloadController", "a")
                        .containsKey("istio.io/disconnectedAt"));
        assertThat(told(other, "vm-1")).as("its host may come").contains(Health.HEALTHY);

        replica.advance(GRACE);
        awaitTold(other, "vm-1", Health.UNHEALTHY);
        awaitTold(other, "vm-2", Health.UNHEALTHY);
        assertThat(told(other, "vm-4")).as("whose replica is none of ours").contains(Health.HEALTHY);
        assertThat(api.client()
                        .leases()
                        .inNamespace("beringia-system")
                        .withName("beringia-hosts-a")
                        .get())
                .as("of those that live")
                .isNotNull();
    }

    /** As a replica leaves it that dies. */
    private void leave(String entry, String replica) {
        PatchContext merge = PatchContext.of(PatchType.JSON_MERGE);
        entry(entry)
                .patch(
                        merge,
                        "{\"metadata\":{\"annotations\":{\"istio.io/workloadController\":\"" + replica
                                + "\",\"istio.io/connectedAt\":\"2026-05-01T12:00:00Z\"}}}");
        entry(entry)
                .subresource("status")
                .patch(merge, "{\"status\":{\"conditions\":[{\"type\":\"Healthy\",\"status\":\"True\"}]}}");
    }

    @Test
    void what_somebody_else_wrote_is_mended_and_what_is_not_ours_stays() {
        Replica replica = new Replica("a", Optional.of(hosts("a")));
        RemoteCatalog host = replica.host("vm-1", "127.0.0.1", "ledger");
        host.say(HostReport.HEALTHY);
        awaitTold(host, "vm-1", Health.HEALTHY);

        entry("vm-1")
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"status\":{\"conditions\":[{\"type\":\"Reachable\",\"status\":\"True\"},"
                                + "{\"type\":\"Healthy\",\"status\":\"False\"}]}}");
        awaitTold(host, "vm-1", Health.UNHEALTHY);
        replica.advance(SETTLED);
        awaitTold(host, "vm-1", Health.HEALTHY);
        assertThat(conditions("vm-1"))
                .as("of others")
                .anySatisfy(it -> assertThat(it).containsEntry("type", "Reachable"));
    }

    @ParameterizedTest
    @CsvSource({"vm-1, 127.0.0.9, other-address", "vm-3, 127.0.0.3, not-checked"})
    void a_host_is_not_heard(String entry, String address, String reason) {
        Replica replica = new Replica("a", Optional.of(hosts("a")));
        RemoteCatalog host = replica.host(entry, address, "ledger");
        host.say(HostReport.HEALTHY);

        awaitRefused(replica, reason);
        assertThat(conditions(entry)).isEmpty();
        assertThat(annotations(entry)).doesNotContainKey("istio.io/connectedAt");
    }

    @Test
    void a_host_of_another_account_is_not_even_let_in() {
        Replica replica = new Replica("a", Optional.of(hosts("a")));
        RemoteCatalog own = replica.host("vm-2", "127.0.0.2", "ledger");
        awaitTold(own, "vm-2", Health.UNHEALTHY);
        replica.host("vm-1", "127.0.0.1", "cart").say(HostReport.HEALTHY);

        await("refused").atMost(PATIENCE).until(() -> replica.count("discovery.xds.refused", "other-account") > 0);
        assertThat(conditions("vm-1")).isEmpty();
    }

    @Test
    void without_its_part_of_the_configuration_nothing_is_written() {
        Replica replica = new Replica("a", Optional.empty());
        replica.host("vm-1", "127.0.0.1", "ledger").say(HostReport.HEALTHY);

        awaitRefused(replica, "not-configured");
        assertThat(annotations("vm-1")).doesNotContainKey("istio.io/connectedAt");
    }

    private static HostsConfig hosts(String replica) {
        return new HostsConfig(replica, "beringia-system", GRACE);
    }

    private static void awaitRefused(Replica replica, String reason) {
        await("refused, " + reason).atMost(PATIENCE).until(() -> replica.count("discovery.hosts.refused", reason) > 0);
    }

    private static String uid(String entry) {
        return "east-1/networking.istio.io/WorkloadEntry/shop/" + entry;
    }

    private static Optional<Health> told(RemoteCatalog client, String entry) {
        return Optional.ofNullable(client.latest().workloads().get(uid(entry))).map(Workload::health);
    }

    private static void awaitTold(RemoteCatalog client, String entry, Health expected) {
        await(entry + " is " + expected)
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(told(client, entry)).contains(expected));
    }

    private void awaitAnnotation(String entry, String annotation) {
        await(annotation)
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(annotations(entry)).containsKey(annotation));
    }

    private Resource<GenericKubernetesResource> entry(String name) {
        return api.client()
                .genericKubernetesResources(new ResourceDefinitionContext.Builder()
                        .withGroup("networking.istio.io")
                        .withVersion("v1")
                        .withKind("WorkloadEntry")
                        .withPlural("workloadentries")
                        .withNamespaced(true)
                        .build())
                .inNamespace("shop")
                .withName(name);
    }

    private Map<String, String> annotations(String entry) {
        return Optional.ofNullable(entry(entry).get().getMetadata().getAnnotations())
                .orElse(Map.of());
    }

    private Map<Object, Object> condition(String entry) {
        return conditions(entry).stream()
                .filter(it -> "Healthy".equals(it.get("type")))
                .findFirst()
                .orElseThrow();
    }

    private List<Map<Object, Object>> conditions(String entry) {
        List<?> all = entry(entry).get().get("status", "conditions") instanceof List<?> list ? list : List.of();
        return all.stream()
                .map(it -> it instanceof Map<?, ?> condition ? new HashMap<Object, Object>(condition) : Map.of())
                .<Map<Object, Object>>map(HashMap::new)
                .toList();
    }

    /** One replica of discovery. */
    private final class Replica {
        private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
        private final AtomicLong ahead = new AtomicLong();
        private final DiscoveryMain discovery;

        Replica(String name, Optional<HostsConfig> hosts) {
            InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            this.discovery = DiscoveryMain.start(
                    new DiscoveryConfig(
                            new RegionId("us-east"),
                            new ClusterId("east-1"),
                            new Network("net-east"),
                            TestMesh.TRUST_DOMAIN,
                            "cluster.local",
                            Optional.of(
                                    new DiscoveryConfig.Kube(directory.resolve("kubeconfig"), true, "istio-system")),
                            loopback,
                            loopback,
                            new DiscoveryConfig.Gateways(
                                    new ServiceName("beringia-system", "gateway.beringia-system.svc.cluster.local"),
                                    Set.of(),
                                    false),
                            DiscoveryConfig.Exports.DEFAULT,
                            List.of(),
                            DiscoveryConfig.DEFAULT_PEER_WAIT,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Set.of(),
                            DiscoveryConfig.Stale.DEFAULT,
                            PeerLimits.DEFAULT,
                            hosts),
                    mesh.credentials("east-1", "beringia-system", "discovery"),
                    new SpiffeVerifier(),
                    meters,
                    InstantSource.system(),
                    () -> System.nanoTime() + ahead.get());
            started.add(discovery);
            await(name + " knows its cluster")
                    .atMost(PATIENCE)
                    .until(() -> discovery.awaited().isEmpty());
        }

        /** By the clock that tells graces. */
        void advance(Duration time) {
            ahead.addAndGet(time.toNanos());
        }

        double count(String meter, String tag) {
            return meters.find(meter).counters().stream()
                    .filter(it -> it.getId().getTags().stream()
                            .anyMatch(one -> one.getValue().equals(tag)))
                    .mapToDouble(Counter::count)
                    .sum();
        }

        /** A machine that follows us over mutual TLS. */
        RemoteCatalog host(String entry, String address, String account) {
            RemoteCatalog host = RemoteCatalog.start(
                    new RemoteCatalog.Server(
                            "127.0.0.1", discovery.xdsPort(), TestMesh.id("beringia-system", "discovery")),
                    CatalogClient.Subject.entry(
                            new CatalogClient.Place(
                                    new ClusterId("east-1"),
                                    new Network("net-east"),
                                    IpAddress.parse(address),
                                    "shop",
                                    entry),
                            Optional.empty()),
                    mesh.tls("east-1", "shop", account),
                    new Random(1),
                    new Unheard());
            started.add(host);
            return host;
        }
    }

    /** What goes wrong is seen in meters. */
    private static final class Unheard implements CatalogClient.Listener {
        @Override
        public void onDisconnected(String why) {}

        @Override
        public void onRefused(String what) {}
    }
}
