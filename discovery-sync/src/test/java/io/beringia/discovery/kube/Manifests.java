package io.beringia.discovery.kube;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Manifests as the watch would hand them over. */
final class Manifests {
    private static final KubernetesSerialization READER = new KubernetesSerialization();

    private Manifests() {}

    static LocalPart translate(LocalCluster cluster, List<String> manifests) {
        return KubeTranslation.translate(
                KubeObjects.of(manifests.stream().map(Manifests::compact).toList()), cluster);
    }

    static KubeObject compact(String manifest) {
        GenericKubernetesResource object = READER.unmarshal(manifest, GenericKubernetesResource.class);
        Optional<CustomKind> custom = Arrays.stream(CustomKind.values())
                .filter(kind -> kind.kind().equals(object.getKind()))
                .findFirst();
        return custom.isPresent() ? custom.get().compact(object) : ofKubernetes(READER.unmarshal(manifest));
    }

    private static KubeObject ofKubernetes(Object object) {
        return switch (object) {
            case Namespace namespace -> CompactForm.of(namespace);
            case Node node -> CompactForm.of(node);
            case Pod pod -> CompactForm.of(pod);
            case Service service -> CompactForm.of(service);
            case EndpointSlice slice -> CompactForm.of(slice);
            case Object other -> throw new AssertionError("manifest: " + other);
        };
    }
}
