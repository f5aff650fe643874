package io.beringia.discovery.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What we expect of every Kubernetes API to serve, and to know of tokens: the lab and a real one are held to the same. */
interface ServedContract {
    Duration PATIENCE = Duration.ofSeconds(30);

    String DEFINITION = """
            ---
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: serviceexports.multicluster.x-k8s.io}
            spec:
              group: multicluster.x-k8s.io
              scope: Namespaced
              names: {kind: ServiceExport, listKind: ServiceExportList, plural: serviceexports, singular: serviceexport}
              versions:
              - name: v1alpha1
                served: true
                storage: true
                subresources: {status: {}}
                schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
              - name: v1beta1
                served: false
                storage: false
                subresources: {status: {}}
                schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            """;
    String EXPORT = """
            ---
            apiVersion: multicluster.x-k8s.io/v1alpha1
            kind: ServiceExport
            metadata: {name: cart, namespace: %s}
            """;

    Shop shop();

    @Test
    default void a_kind_is_served_in_the_versions_of_its_definition_and_while_that_is_there() {
        KubernetesClient client = shop().client();
        assertThat(client.getApiResources("multicluster.x-k8s.io/v1beta1"))
                .as("without a definition")
                .isNull();

        shop().api().hold(shop().manifests() + DEFINITION);
        await().atMost(PATIENCE).until(() -> client.getApiResources("multicluster.x-k8s.io/v1alpha1") != null);
        assertThat(client.getApiResources("multicluster.x-k8s.io/v1beta1"))
                .as("not served")
                .isNull();
        shop().api().hold(shop().manifests() + DEFINITION + EXPORT.formatted(shop().namespace()));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(exports(client).list().getItems()).hasSize(1));

        client.raw(
                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/serviceexports.multicluster.x-k8s.io",
                "DELETE",
                null);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThatThrownBy(() -> exports(client).list())
                        .isInstanceOfSatisfying(
                                KubernetesClientException.class,
                                refused -> assertThat(refused.getCode()).isEqualTo(404)));
    }

    private static NonNamespaceOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            exports(KubernetesClient client) {
        return client.genericKubernetesResources("multicluster.x-k8s.io/v1alpha1", "ServiceExport")
                .inNamespace(client.getNamespace());
    }

    @Test
    default void a_token_is_who_it_was_made_for_and_only_for_its_audience() {
        String token = shop().api().token(shop().namespace(), "cart", "istio-ca");

        TokenReview good = review(token, "istio-ca");

        assertThat(good.getStatus().getAuthenticated()).as("authenticated").isTrue();
        assertThat(good.getStatus().getUser().getUsername())
                .as("who")
                .isEqualTo("system:serviceaccount:" + shop().namespace() + ":cart");
        assertThat(good.getStatus().getUser().getGroups()).as("groups").contains("system:serviceaccounts");
        assertThat(good.getStatus().getAudiences()).as("audiences").containsExactly("istio-ca");
        assertThat(review(token, "other").getStatus().getAuthenticated())
                .as("other audience")
                .isNotEqualTo(true);
        assertThat(review("guessed", "istio-ca").getStatus().getAuthenticated())
                .as("unknown")
                .isNotEqualTo(true);
    }

    private TokenReview review(String token, String audience) {
        return shop().client()
                .resource(new TokenReviewBuilder()
                        .withNewSpec()
                        .withToken(token)
                        .withAudiences(audience)
                        .endSpec()
                        .build())
                .create();
    }

    @Test
    default void an_unknown_resource_is_not_found() {
        for (String path :
                List.of("/apis/none.example/v1/things", "/api/v1/pods/shop", "/api/v1/namespaces/shop/nodes", "/x")) {
            assertThat(shop().api().get(path).code()).as(path).isEqualTo(404);
        }
    }
}
