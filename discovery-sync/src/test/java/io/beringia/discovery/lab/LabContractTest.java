package io.beringia.discovery.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client may expect of a Kubernetes API, through fabric8's client over a real connection. */
final class LabContractTest {
    private static final String SHOP = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: cart, namespace: shop, labels: {app: cart}}
            spec: {clusterIP: 10.0.0.1, selector: {app: cart}, ports: [{port: 80, targetPort: 8080}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: cart-1, namespace: shop, labels: {app: cart}}
            spec: {containers: [{name: app, image: none}]}
            """;

    @TempDir
    private Path directory;

    private LabApiServer lab;
    private KubernetesClient client;

    @BeforeEach
    void start() throws Exception {
        Files.writeString(directory.resolve("shop.yaml"), SHOP);
        lab = LabApiServer.start(
                new LabApiServer.Options(
                        directory,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Duration.ofMillis(20),
                        List.of(new LabToken("cart-token", "shop", "cart", List.of("istio-ca")))),
                InstantSource.system());
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(lab.uri().toString())
                .withNamespace("shop")
                .withOnlyHttpWatches(true)
                .withRequestRetryBackoffLimit(0)
                .withRequestTimeout(5_000)
                .build();
        client = new KubernetesClientBuilder().withConfig(config).build();
    }

    @AfterEach
    void stop() {
        client.close();
        lab.close();
    }

    @Test
    void lists_what_the_manifests_say_at_one_version() {
        PodList pods = client.pods().inAnyNamespace().list();

        assertThat(pods.getItems())
                .extracting(pod -> pod.getMetadata().getName())
                .as("pods")
                .containsExactly("cart-1");
        assertThat(Long.parseLong(pods.getMetadata().getResourceVersion()))
                .as("list version")
                .isPositive();
        assertThat(client.services()
                        .inNamespace("shop")
                        .withName("cart")
                        .get()
                        .getSpec()
                        .getClusterIPs())
                .as("defaulted cluster IPs")
                .containsExactly("10.0.0.1");
        assertThat(client.namespaces().withName("shop").get().getMetadata().getLabels())
                .as("namespace label")
                .containsEntry("kubernetes.io/metadata.name", "shop");
    }

    @Test
    void selects_by_label_and_field_and_pages() {
        for (int i = 2; i <= 5; i++) {
            client.pods().resource(pod("cart-" + i)).create();
        }

        PodList page = client.pods()
                .inNamespace("shop")
                .list(new ListOptionsBuilder().withLimit(2L).build());
        PodList next = client.pods()
                .inNamespace("shop")
                .list(new ListOptionsBuilder()
                        .withLimit(9L)
                        .withContinue(page.getMetadata().getContinue())
                        .build());

        assertThat(page.getItems())
                .extracting(one -> one.getMetadata().getName())
                .containsExactly("cart-1", "cart-2");
        assertThat(next.getItems())
                .extracting(one -> one.getMetadata().getName())
                .as("the rest")
                .containsExactly("cart-3", "cart-4", "cart-5");
        assertThat(next.getMetadata().getContinue()).as("no further page").isNull();
        assertThat(client.pods().withLabel("app", "web").list().getItems())
                .as("by label")
                .isEmpty();
        assertThat(client.pods().withoutField("status.phase", "Pending").list().getItems())
                .as("by field")
                .isEmpty();
    }

    @Test
    void creates_changes_and_deletes_and_refuses_what_kubernetes_refuses() {
        Pod made = client.pods().resource(pod("web-1")).create();
        client.pods()
                .withName("web-1")
                .edit(pod -> new PodBuilder(pod)
                        .editMetadata()
                        .addToLabels("tier", "front")
                        .endMetadata()
                        .build());
        Pod stale = new PodBuilder(made)
                .editMetadata()
                .addToLabels("tier", "stale")
                .endMetadata()
                .build();

        assertThat(client.pods().withName("web-1").get().getMetadata().getLabels())
                .containsEntry("tier", "front");
        assertThatThrownBy(() -> client.pods().resource(stale).update())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        refused -> assertThat(refused.getCode())
                                .as("a stale version")
                                .isEqualTo(409));
        assertThatThrownBy(() -> client.pods().resource(pod("web-1")).create())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        refused -> assertThat(refused.getStatus().getReason())
                                .as("a second creation")
                                .isEqualTo("AlreadyExists"));
        assertThat(client.pods().withName("web-1").delete()).as("deletion").isNotEmpty();
        assertThat(client.pods().withName("web-1").get()).as("after deletion").isNull();
        assertThat(client.pods().withName("web-1").delete())
                .as("second deletion")
                .isEmpty();
    }

    @Test
    void patches_by_merge_strategic_merge_and_whole_object_apply() {
        client.pods()
                .withName("cart-1")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"labels\":{\"app\":null,\"tier\":\"back\"}}}");
        client.pods()
                .withName("cart-1")
                .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), "{\"metadata\":{\"annotations\":{\"a\":\"b\"}}}");
        for (String value : List.of("v", "w")) {
            client.resource(new ConfigMapBuilder()
                            .withNewMetadata()
                            .withName("notes")
                            .withNamespace("shop")
                            .endMetadata()
                            .addToData("k", value)
                            .build())
                    .serverSideApply();
        }

        Pod pod = client.pods().withName("cart-1").get();
        assertThat(pod.getMetadata().getLabels()).as("labels").containsOnlyKeys("tier");
        assertThat(pod.getMetadata().getAnnotations()).as("annotations").containsEntry("a", "b");
        assertThat(client.configMaps().withName("notes").get().getData())
                .as("applied")
                .containsEntry("k", "w");
    }

    @Test
    void an_apply_takes_away_what_its_manager_says_no_longer_and_leaves_what_others_said() {
        client.configMaps()
                .resource(notes("{kept: a, dropped: b}", "{one: x, two: y}"))
                .fieldManager("us")
                .serverSideApply();
        client.configMaps()
                .withName("notes")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"labels\":{\"theirs\":\"c\"}}}");
        client.configMaps()
                .resource(notes("{kept: a2}", "{two: y}"))
                .fieldManager("us")
                .serverSideApply();

        ConfigMap after = client.configMaps().withName("notes").get();
        assertThat(after.getMetadata().getLabels())
                .containsExactlyInAnyOrderEntriesOf(Map.of("kept", "a2", "theirs", "c"));
        assertThat(after.getData()).containsExactlyEntriesOf(Map.of("two", "y"));
    }

    private static ConfigMap notes(String labels, String data) {
        return new KubernetesSerialization().unmarshal("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: notes, namespace: shop, labels: %s}
                data: %s
                """.formatted(labels, data), ConfigMap.class);
    }

    @Test
    void a_name_that_no_object_can_have_is_refused() {
        assertThatThrownBy(() -> client.configMaps()
                        .resource(new ConfigMapBuilder()
                                .withNewMetadata()
                                .withName("Not_A_Name")
                                .endMetadata()
                                .build())
                        .create())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        refused -> assertThat(refused.getCode()).isEqualTo(422));
    }

    @Test
    void a_deletion_that_means_another_object_is_a_conflict() {
        Pod pod = client.pods().withName("cart-1").get();
        client.pods()
                .withName("cart-1")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");

        assertThatThrownBy(() -> client.resource(pod).lockResourceVersion().delete())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        refused -> assertThat(refused.getCode()).isEqualTo(409));
        assertThat(client.resource(client.pods().withName("cart-1").get())
                        .lockResourceVersion()
                        .delete())
                .as("the one that was seen")
                .isNotEmpty();
    }

    @Test
    void a_kind_is_served_in_the_versions_of_its_definition_and_while_that_is_there() throws Exception {
        assertThat(client.getApiResources("multicluster.x-k8s.io/v1beta1"))
                .as("without a definition")
                .isNull();

        Files.writeString(directory.resolve("crd.yaml"), """
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: serviceexports.multicluster.x-k8s.io}
                spec: {versions: [{name: v1alpha1, served: true}, {name: v1beta1, served: false}]}
                """);
        Files.writeString(directory.resolve("export.yaml"), """
                apiVersion: multicluster.x-k8s.io/v1alpha1
                kind: ServiceExport
                metadata: {name: cart, namespace: shop}
                """);
        await().untilAsserted(() -> assertThat(client.getApiResources("multicluster.x-k8s.io/v1alpha1"))
                .isNotNull());
        assertThat(client.getApiResources("multicluster.x-k8s.io/v1beta1"))
                .as("not served")
                .isNull();
        await().untilAsserted(() -> assertThat(exports().list().getItems()).hasSize(1));

        client.raw(
                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/serviceexports.multicluster.x-k8s.io",
                "DELETE",
                null);
        assertThatThrownBy(() -> exports().list())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        refused -> assertThat(refused.getCode()).isEqualTo(404));
    }

    private NonNamespaceOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            exports() {
        return client.genericKubernetesResources("multicluster.x-k8s.io/v1alpha1", "ServiceExport")
                .inNamespace("shop");
    }

    @Test
    void status_is_its_own_door() {
        client.pods()
                .withName("cart-1")
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":{\"podIP\":\"127.0.0.9\"}}");
        client.pods()
                .withName("cart-1")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":{\"podIP\":\"127.0.0.1\"}}");

        assertThat(client.pods().withName("cart-1").get().getStatus().getPodIP())
                .as("pod IP")
                .isEqualTo("127.0.0.9");
    }

    @Test
    void a_watch_tells_every_change_after_its_version_in_order() throws Exception {
        String version = client.pods().list().getMetadata().getResourceVersion();
        client.pods().resource(pod("web-1")).create();
        Seen seen = new Seen();

        try (Watch _ = client.pods()
                .watch(new ListOptionsBuilder().withResourceVersion(version).build(), seen)) {
            client.pods()
                    .withName("web-1")
                    .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"labels\":{\"tier\":\"front\"}}}");
            client.pods().withName("web-1").delete();

            assertThat(seen.next()).isEqualTo("ADDED web-1");
            assertThat(seen.next()).isEqualTo("MODIFIED web-1");
            assertThat(seen.next()).isEqualTo("DELETED web-1");
        }
    }

    @Test
    void a_watch_from_a_forgotten_version_is_told_410() throws Exception {
        client.pods().resource(pod("web-1")).create();
        lab.compact();
        Seen seen = new Seen();

        try (Watch _ = client.pods()
                .watch(new ListOptionsBuilder().withResourceVersion("1").build(), seen)) {
            assertThat(seen.next()).as("the end").isEqualTo("closed: gone true");
        }
    }

    @Test
    void a_listing_by_watch_ends_with_a_marked_bookmark() throws Exception {
        List<String> lines = watchLines("sendInitialEvents=true&allowWatchBookmarks=true&timeoutSeconds=1");

        assertThat(lines)
                .as("first")
                .first()
                .asString()
                .startsWith("{\"type\":\"ADDED\"")
                .contains("cart-1");
        assertThat(lines.get(1))
                .as("then")
                .startsWith("{\"type\":\"BOOKMARK\"")
                .contains("\"k8s.io/initial-events-end\":\"true\"");
    }

    @Test
    void a_watch_ends_when_its_time_is_over_and_bookmarks_only_whoever_asked() throws Exception {
        assertThat(watchLines("timeoutSeconds=1"))
                .as("lines")
                .singleElement()
                .asString()
                .contains("ADDED");
    }

    private List<String> watchLines(String query) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(lab.uri() + "/api/v1/pods?watch=true&" + query))
                .timeout(Duration.ofSeconds(20))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.ofString())
                    .body()
                    .lines()
                    .toList();
        }
    }

    @Test
    void a_web_socket_is_answered_503() throws Exception {
        try (Socket socket = new Socket(lab.uri().getHost(), lab.uri().getPort())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write(
                            "GET /api/v1/pods?watch=true HTTP/1.1\r\nHost: lab\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .as("status line")
                    .isEqualTo("HTTP/1.1 503");
        }
    }

    @Test
    void a_changed_manifest_is_served_and_a_broken_one_named() throws Exception {
        Files.writeString(directory.resolve("broken.yaml"), "apiVersion: v1\nkind: Pod\nmetadata: {name: [\n");
        Files.writeString(directory.resolve("shop.yaml"), SHOP.replace("port: 80,", "port: 81,"));

        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            Service cart = client.services().withName("cart").get();
            assertThat(cart.getSpec().getPorts().getFirst().getPort())
                    .as("the new port")
                    .isEqualTo(81);
            assertThat(lab.problems())
                    .extracting(ManifestProblem::file)
                    .as("broken")
                    .containsExactly("broken.yaml");
        });

        Files.delete(directory.resolve("broken.yaml"));
        Files.writeString(directory.resolve("shop.yaml"), SHOP.substring(0, SHOP.lastIndexOf("---")));

        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            assertThat(client.pods().list().getItems()).as("pods").isEmpty();
            assertThat(lab.problems()).as("broken").isEmpty();
        });
    }

    @Test
    void a_file_that_breaks_takes_nothing_away() throws Exception {
        Files.writeString(directory.resolve("shop.yaml"), SHOP.replace("name: app, image", "name: [app, image"));

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(lab.problems()).as("broken").hasSize(1));
        assertThat(client.pods().list().getItems()).as("pods").hasSize(1);
    }

    @Test
    void a_token_is_who_it_was_made_for_and_only_for_its_audience() {
        TokenReview good = review("cart-token", "istio-ca");

        assertThat(good.getStatus().getAuthenticated()).as("authenticated").isTrue();
        assertThat(good.getStatus().getUser().getUsername()).as("who").isEqualTo("system:serviceaccount:shop:cart");
        assertThat(good.getStatus().getUser().getGroups()).as("groups").contains("system:serviceaccounts");
        assertThat(good.getStatus().getAudiences()).as("audiences").containsExactly("istio-ca");
        assertThat(review("cart-token", "other").getStatus().getAuthenticated())
                .as("other audience")
                .isFalse();
        assertThat(review("guessed", "istio-ca").getStatus().getAuthenticated())
                .as("unknown")
                .isFalse();
    }

    @Test
    void a_secret_is_never_printed() {
        assertThat(new LabToken("cart-token", "shop", "cart", List.of("istio-ca")).toString())
                .as("token as text")
                .doesNotContain("cart-token");
    }

    @Test
    void faults_show_and_heal() throws Exception {
        lab.fail(new LabFault.EmptyLists());
        assertThat(client.pods().list().getItems()).as("under an empty list").isEmpty();

        lab.fail(new LabFault.VersionsBackwards(Long.MAX_VALUE / 2));
        assertThat(client.pods().list().getMetadata().getResourceVersion())
                .as("version")
                .isEqualTo("1");

        lab.fail(new LabFault.Freeze());
        HttpRequest probe = HttpRequest.newBuilder(lab.uri().resolve("/readyz"))
                .timeout(Duration.ofMillis(300))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            assertThatThrownBy(() -> http.send(probe, HttpResponse.BodyHandlers.discarding()))
                    .as("under a freeze")
                    .isInstanceOf(IOException.class);
        }

        lab.fail(new LabFault.None());
        assertThat(client.pods().list().getItems()).as("healed").hasSize(1);
    }

    @Test
    void listens_on_loopback_only() {
        assertThatThrownBy(() -> new LabApiServer.Options(
                        directory, new InetSocketAddress("0.0.0.0", 0), Duration.ofSeconds(1), List.of()))
                .as("every address")
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("loopback");
    }

    @Test
    void an_unknown_resource_is_not_found() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (String path :
                    List.of("/apis/apps/v1/deployments", "/api/v1/pods/shop", "/api/v1/namespaces/shop/nodes", "/x")) {
                HttpResponse<String> response = http.send(
                        HttpRequest.newBuilder(URI.create(lab.uri() + path)).build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(response.statusCode()).as(path).isEqualTo(404);
            }
        }
    }

    private TokenReview review(String token, String audience) {
        return client.resource(new TokenReviewBuilder()
                        .withNewSpec()
                        .withToken(token)
                        .withAudiences(audience)
                        .endSpec()
                        .build())
                .create();
    }

    private static Pod pod(String name) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("shop")
                .addToLabels("app", "cart")
                .endMetadata()
                .build();
    }

    /** What a watch told, as text. */
    private static final class Seen implements Watcher<Pod> {
        private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

        String next() throws InterruptedException {
            return String.valueOf(told.poll(10, TimeUnit.SECONDS));
        }

        @Override
        public void eventReceived(Action action, Pod pod) {
            told.add(action + " " + pod.getMetadata().getName());
        }

        @Override
        public void onClose(WatcherException cause) {
            told.add("closed: gone " + cause.isHttpGone());
        }
    }
}
