package io.beringia.discovery.lab;

import io.beringia.discovery.apiserver.TestApi;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;

/**
 * A small shop in an API: a service {@code cart} and its pod {@code cart-1}.
 *
 * @param namespace that no other test of that API has
 * @param clusterIp of the service, that no other service has
 */
record Shop(TestApi api, String namespace, String clusterIp) {
    static String manifests(String namespace, String clusterIp) {
        return """
            apiVersion: v1
            kind: Namespace
            metadata: {name: %1$s}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: cart, namespace: %1$s, labels: {app: cart}}
            spec: {clusterIP: %2$s, selector: {app: cart}, ports: [{port: 80, targetPort: 8080}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: cart-1, namespace: %1$s, labels: {app: cart}}
            spec: {containers: [{name: app, image: none}]}
            """.formatted(namespace, clusterIp);
    }

    String manifests() {
        return manifests(namespace, clusterIp);
    }

    /** In its namespace where nothing else is said. */
    KubernetesClient client() {
        return api.client().adapt(NamespacedKubernetesClient.class).inNamespace(namespace);
    }

    Pod pod(String name) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .addToLabels("app", "cart")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("app")
                .withImage("none")
                .endContainer()
                .endSpec()
                .build();
    }
}
