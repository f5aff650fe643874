package io.beringia.discovery.kube;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** ExportPolicies and PeerClusters from a file, for people who ask what they would do. Pure. */
public final class PolicyManifests {
    private static final Pattern DOCUMENTS = Pattern.compile("^---.*$", Pattern.MULTILINE);

    private PolicyManifests() {}

    /** Throws {@link IllegalArgumentException} where it is anything else than these two kinds, each with a name. */
    public static ExportObjects read(String yaml) {
        KubernetesSerialization reader = new KubernetesSerialization();
        SortedMap<ObjectName, KubeObject.ExportPolicyObject> policies = new TreeMap<>();
        SortedMap<ObjectName, KubeObject.PeerClusterObject> peers = new TreeMap<>();
        for (GenericKubernetesResource object : objects(reader, yaml)) {
            if (kind(object) == CustomKind.EXPORT_POLICY) {
                policies.put(CompactForm.name(object), ExportPolicyForm.policy(object));
            } else {
                peers.put(CompactForm.name(object), ExportPolicyForm.peer(object));
            }
        }
        return new ExportObjects(policies, peers);
    }

    private static List<GenericKubernetesResource> objects(KubernetesSerialization reader, String yaml) {
        List<GenericKubernetesResource> objects = new ArrayList<>();
        for (String document : DOCUMENTS.split(yaml, -1)) {
            if (document.lines().anyMatch(line -> !line.isBlank() && !line.startsWith("#"))) {
                objects.add(object(reader, document));
            }
        }
        if (objects.isEmpty()) {
            throw new IllegalArgumentException("no document (expected: ExportPolicy or PeerCluster)");
        }
        return objects;
    }

    private static GenericKubernetesResource object(KubernetesSerialization reader, String document) {
        try {
            return reader.convertValue(
                    reader.unmarshal("---\n" + document, Map.class), GenericKubernetesResource.class);
        } catch (RuntimeException broken) { // each of the reader's parts has a type of its own
            String why = String.valueOf((broken.getCause() == null ? broken : broken.getCause()).getMessage());
            throw new IllegalArgumentException(
                    why.lines().findFirst().orElse("unreadable") + " (expected: ExportPolicy or PeerCluster in YAML)",
                    broken);
        }
    }

    private static CustomKind kind(GenericKubernetesResource object) {
        for (CustomKind kind : List.of(CustomKind.EXPORT_POLICY, CustomKind.PEER_CLUSTER)) {
            if (kind.kind().equals(object.getKind())
                    && (kind.group() + "/" + kind.versions().getFirst()).equals(object.getApiVersion())) {
                return named(kind, object);
            }
        }
        throw unknown(object);
    }

    private static CustomKind named(CustomKind kind, GenericKubernetesResource object) {
        boolean hasName = object.getMetadata() != null && object.getMetadata().getName() != null;
        if (!hasName || kind.isNamespaced() != (object.getMetadata().getNamespace() != null)) {
            throw new IllegalArgumentException(kind.kind() + ": metadata "
                    + (hasName ? "of " + object.getMetadata().getName() : "without a name") + " (expected: a name and "
                    + (kind.isNamespaced() ? "a namespace)" : "no namespace)"));
        }
        return kind;
    }

    private static IllegalArgumentException unknown(GenericKubernetesResource object) {
        return new IllegalArgumentException("kind: " + object.getApiVersion() + " " + object.getKind()
                + " (expected: beringia.io/v1alpha1 ExportPolicy or PeerCluster)");
    }
}
