package io.beringia.discovery.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.Policy;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.lab.LabApiServer;
import io.beringia.discovery.lab.LabFault;
import io.beringia.trust.identity.TrustDomain;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A watch of the lab's API over a real connection. */
final class ClusterWatchTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final ServiceName CART = new ServiceName("shop", "cart.shop.svc.cluster.local");
    private static final String SHOP = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: cart, namespace: shop}
            spec: {clusterIP: 10.0.0.1, selector: {app: cart}, ports: [{port: 80, targetPort: 8080}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: cart-1, namespace: shop, labels: {app: cart}}
            spec: {serviceAccountName: cart}
            status: {phase: Running, podIP: 10.1.0.1, conditions: [{type: Ready, status: "True"}]}
            """;

    @TempDir
    private Path directory;

    private final List<ClusterNews> news = new CopyOnWriteArrayList<>();
    private LabApiServer lab;
    /** With the older version only. */
    private static final String MCS = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: serviceexports.multicluster.x-k8s.io}
            spec: {versions: [{name: v1alpha1}]}
            ---
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: serviceimports.multicluster.x-k8s.io}
            spec: {versions: [{name: v1alpha1}]}
            ---
            apiVersion: multicluster.x-k8s.io/v1alpha1
            kind: ServiceExport
            metadata: {name: cart, namespace: shop}
            ---
            apiVersion: multicluster.x-k8s.io/v1alpha1
            kind: ServiceImport
            metadata: {name: cart, namespace: shop}
            spec: {type: ClusterSetIP, ips: [241.0.0.7], ports: [{port: 80}]}
            """;

    private static final String POLICIES = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: authorizationpolicies.security.istio.io}
            spec: {versions: [{name: v1}]}
            ---
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: only-web, namespace: shop}
            spec:
              selector: {matchLabels: {app: cart}}
              rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/web]}}]}]
            """;

    private ClusterWatch watch;

    @BeforeEach
    void start() throws Exception {
        Files.writeString(directory.resolve("shop.yaml"), SHOP);
        lab = startLab(0);
        watch = ClusterWatch.start(
                Kubeconfig.anonymous(lab.uri()),
                new LocalCluster(
                        new ClusterId("us-east"),
                        new Network("net-east"),
                        new TrustDomain("cluster.local"),
                        "cluster.local",
                        "istio-system"),
                new ClusterWatch.Liveness(Duration.ofMillis(50), Duration.ofMillis(500), Duration.ofMinutes(3)),
                InstantSource.system(),
                news::add);
    }

    private LabApiServer startLab(int port) throws Exception {
        return LabApiServer.start(
                new LabApiServer.Options(
                        directory,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                        Duration.ofMillis(20),
                        List.of()),
                InstantSource.system());
    }

    @AfterEach
    void stop() {
        watch.close();
        lab.close();
    }

    private void awaitPart(String what, Predicate<LocalPart> wanted) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(news.reversed().stream()
                                .filter(ClusterNews.PartChanged.class::isInstance)
                                .map(one -> ((ClusterNews.PartChanged) one).part())
                                .limit(1))
                        .as(what)
                        .anyMatch(wanted));
    }

    private static boolean isServed(LocalPart part, Health health) {
        return part.workloads().stream()
                .filter(one -> one.serves(CART))
                .map(Workload::health)
                .toList()
                .equals(List.of(health));
    }

    private void patch(String path, String json) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(lab.uri() + path))
                .method("PATCH", HttpRequest.BodyPublishers.ofString(json))
                .header("Content-Type", "application/merge-patch+json")
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .as(path)
                    .isEqualTo(200);
        }
    }

    @Test
    void the_first_news_is_the_whole_cluster() {
        awaitPart("the shop", part -> isServed(part, Health.HEALTHY));

        assertThat(news.stream()
                        .filter(ClusterNews.PartChanged.class::isInstance)
                        .findFirst())
                .as("nothing half known is told")
                .hasValueSatisfying(first -> assertThat(
                                isServed(((ClusterNews.PartChanged) first).part(), Health.HEALTHY))
                        .isTrue());
    }

    @Test
    void readiness_labels_and_removal_travel() throws Exception {
        awaitPart("the shop", part -> isServed(part, Health.HEALTHY));

        patch(
                "/api/v1/namespaces/shop/pods/cart-1/status",
                "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"False\"}]}}");
        awaitPart("unready", part -> isServed(part, Health.UNHEALTHY));

        patch("/api/v1/namespaces/shop/services/cart", "{\"metadata\":{\"labels\":{\"istio.io/global\":\"true\"}}}");
        awaitPart("exported", part -> part.exports().containsKey(CART));

        Files.writeString(directory.resolve("shop.yaml"), SHOP.substring(0, SHOP.lastIndexOf("---")));
        awaitPart("gone", part -> part.workloads().isEmpty());
    }

    @Test
    void exports_and_imports_are_followed_from_when_their_definitions_are_installed() throws Exception {
        awaitPart("the shop", part -> !part.mcs().isServed());

        Files.writeString(directory.resolve("mcs.yaml"), MCS);
        awaitPart(
                "export and import",
                part -> part.mcs().isServed()
                        && part.mcs().exports().containsKey(new ObjectName("shop", "cart"))
                        && part.mcs().imports().containsKey(new ObjectName("shop", "cart")));

        Files.writeString(directory.resolve("mcs.yaml"), MCS.substring(0, MCS.lastIndexOf("---")));
        awaitPart("no import", part -> part.mcs().imports().isEmpty());
    }

    @Test
    void policies_are_followed_while_their_definition_is_there_and_again_when_it_comes_back() throws Exception {
        awaitPart("the shop", part -> isServed(part, Health.HEALTHY));

        Files.writeString(directory.resolve("policies.yaml"), POLICIES);
        awaitPart("the policy", part -> isNamed(part, List.of("shop/only-web")));

        Files.delete(directory.resolve("policies.yaml"));
        awaitPart("deleted with its definition", part -> isNamed(part, List.of()));

        Files.writeString(directory.resolve("policies.yaml"), POLICIES);
        awaitPart("the policy again", part -> isNamed(part, List.of("shop/only-web")));
    }

    private static boolean isNamed(LocalPart part, List<String> policies) {
        return part.policies().policies().stream().map(Policy::key).toList().equals(policies)
                && part.workloads().stream().allMatch(one -> one.policies().equals(policies));
    }

    @Test
    void a_frozen_api_is_stale_and_loses_nothing() {
        awaitPart("the shop", part -> isServed(part, Health.HEALTHY));
        int before = news.size();

        lab.fail(new LabFault.Freeze());
        await().atMost(LONG)
                .untilAsserted(() ->
                        assertThat(news).as("news").contains(new ClusterNews.ClusterStale(new ClusterId("us-east"))));
        lab.fail(new LabFault.None());
        await().atMost(LONG)
                .untilAsserted(() ->
                        assertThat(news).as("news").contains(new ClusterNews.ClusterLive(new ClusterId("us-east"))));

        assertThat(news.subList(before, news.size()))
                .as("no part was told in between")
                .noneMatch(ClusterNews.PartChanged.class::isInstance);
    }

    @Test
    void a_forgotten_history_is_listed_again() throws Exception {
        awaitPart("the shop", part -> isServed(part, Health.HEALTHY));

        lab.fail(new LabFault.Freeze());
        Files.writeString(directory.resolve("shop.yaml"), SHOP.replace("10.1.0.1", "10.1.0.2"));
        Files.writeString(directory.resolve("unread.yaml"), "kind: [");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(lab.problems()).as("read again").isNotEmpty());
        lab.compact();
        lab.fail(new LabFault.None());

        awaitPart("the other address", part -> part.workloads().toString().contains("10.1.0.2"));
    }

    @Test
    void an_api_that_comes_back_with_other_objects_is_followed() throws Exception {
        awaitPart("the shop", part -> isServed(part, Health.HEALTHY));
        int port = lab.uri().getPort();

        lab.close();
        await().atMost(LONG)
                .untilAsserted(() ->
                        assertThat(news).as("news").contains(new ClusterNews.ClusterStale(new ClusterId("us-east"))));
        Files.writeString(directory.resolve("shop.yaml"), SHOP.replace("10.1.0.1", "10.1.0.2"));
        lab = startLab(port);

        awaitPart("the other address", part -> part.workloads().toString().contains("10.1.0.2"));
    }
}
