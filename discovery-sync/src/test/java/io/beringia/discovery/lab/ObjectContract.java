package io.beringia.discovery.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What we expect of every Kubernetes API when we read and write objects: the lab and a real one are held to the same. */
interface ObjectContract {
    Shop shop();

    @Test
    default void lists_what_the_manifests_say_at_one_version() {
        KubernetesClient client = shop().client();
        PodList pods = client.pods().inAnyNamespace().list();

        assertThat(pods.getItems())
                .extracting(pod -> pod.getMetadata().getName())
                .as("pods")
                .containsExactly("cart-1");
        assertThat(Long.parseLong(pods.getMetadata().getResourceVersion()))
                .as("list version")
                .isPositive();
        assertThat(client.services()
                        .inNamespace(shop().namespace())
                        .withName("cart")
                        .get()
                        .getSpec()
                        .getClusterIPs())
                .as("defaulted cluster IPs")
                .containsExactly(shop().clusterIp());
        assertThat(client.namespaces()
                        .withName(shop().namespace())
                        .get()
                        .getMetadata()
                        .getLabels())
                .as("namespace label")
                .containsEntry("kubernetes.io/metadata.name", shop().namespace());
    }

    @Test
    default void what_a_service_leaves_out_is_filled_in() {
        ServiceSpec cart = shop().client().services().withName("cart").get().getSpec();

        assertThat(List.of(
                        cart.getType(),
                        cart.getSessionAffinity(),
                        cart.getInternalTrafficPolicy(),
                        cart.getIpFamilyPolicy(),
                        cart.getPorts().getFirst().getProtocol()))
                .containsExactly("ClusterIP", "None", "Cluster", "SingleStack", "TCP");
        assertThat(cart.getIpFamilies()).containsExactly("IPv4");
    }

    @Test
    default void selects_by_label_and_field_and_pages() {
        KubernetesClient client = shop().client();
        for (int i = 2; i <= 5; i++) {
            client.pods().resource(shop().pod("cart-" + i)).create();
        }

        PodList page = client.pods()
                .inNamespace(shop().namespace())
                .list(new ListOptionsBuilder().withLimit(2L).build());
        PodList next = client.pods()
                .inNamespace(shop().namespace())
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
    default void creates_changes_and_deletes_and_refuses_what_kubernetes_refuses() {
        KubernetesClient client = shop().client();
        Pod made = client.pods().resource(shop().pod("web-1")).create();
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
        assertThatThrownBy(() -> client.pods().resource(shop().pod("web-1")).create())
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
    default void patches_by_merge_strategic_merge_and_whole_object_apply() {
        KubernetesClient client = shop().client();
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
                            .withNamespace(shop().namespace())
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
    default void an_apply_takes_away_what_its_manager_says_no_longer_and_leaves_what_others_said() {
        KubernetesClient client = shop().client();
        client.configMaps()
                .resource(notes(shop(), "{kept: a, dropped: b}", "{one: x, two: y}"))
                .fieldManager("us")
                .serverSideApply();
        client.configMaps()
                .withName("notes")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"labels\":{\"theirs\":\"c\"}}}");
        client.configMaps()
                .resource(notes(shop(), "{kept: a2}", "{two: y}"))
                .fieldManager("us")
                .serverSideApply();

        ConfigMap after = client.configMaps().withName("notes").get();
        assertThat(after.getMetadata().getLabels())
                .containsExactlyInAnyOrderEntriesOf(Map.of("kept", "a2", "theirs", "c"));
        assertThat(after.getData()).containsExactlyEntriesOf(Map.of("two", "y"));
    }

    @Test
    default void a_name_that_no_object_can_have_is_refused() {
        KubernetesClient client = shop().client();
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
    default void a_deletion_that_means_another_object_is_a_conflict() {
        KubernetesClient client = shop().client();
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
    default void status_is_its_own_door() {
        KubernetesClient client = shop().client();
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

    private static ConfigMap notes(Shop shop, String labels, String data) {
        return new KubernetesSerialization().unmarshal("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: notes, namespace: %s, labels: %s}
                data: %s
                """.formatted(shop.namespace(), labels, data), ConfigMap.class);
    }

    @Test
    default void a_name_is_made_up_where_only_its_beginning_is_given() {
        KubernetesClient client = shop().client();
        Pod wanted = new PodBuilder(shop().pod(""))
                .editMetadata()
                .withName(null)
                .withGenerateName("web-")
                .endMetadata()
                .build();

        List<String> names = List.of(
                client.pods().resource(wanted).create().getMetadata().getName(),
                client.pods().resource(wanted).create().getMetadata().getName());

        assertThat(names)
                .doesNotHaveDuplicates()
                .allSatisfy(name -> assertThat(name).matches("web-[a-z0-9]+"));
    }

    @Test
    default void nothing_is_made_in_a_namespace_that_is_not_there() {
        Pod lost = new PodBuilder(shop().pod("web-1"))
                .editMetadata()
                .withNamespace("nowhere")
                .endMetadata()
                .build();

        assertThatThrownBy(() -> shop().client()
                        .pods()
                        .inNamespace("nowhere")
                        .resource(lost)
                        .create())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        refused -> assertThat(refused.getCode()).isEqualTo(404));
    }
}
