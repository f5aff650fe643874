package io.beringia.discovery;

import io.beringia.discovery.apiserver.LabApi;
import io.beringia.discovery.apiserver.TestApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** Over a lab's API. */
final class DiscoveryClustersetTest extends ClustersetScenario {
    private static final String DEFINITIONS = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: serviceexports.multicluster.x-k8s.io}
            spec: {versions: [{name: v1beta1}, {name: v1alpha1}]}
            ---
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: serviceimports.multicluster.x-k8s.io}
            spec: {versions: [{name: v1beta1}, {name: v1alpha1}]}
            ---
            """;

    @Override
    TestApi api(String cluster) {
        try {
            return LabApi.start(Files.createDirectory(directory.resolve(cluster)), definitions());
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    @Override
    String definitions() {
        return DEFINITIONS;
    }
}
