package io.beringia.discovery.kube;

import io.beringia.discovery.catalog.ClusterId;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Makes a PeerCluster for an operator, who alone may: the role writes only what becomes of it. Any thread. */
public final class PeerClusterWrite {
    private static final String MANAGER = "beringia-join";
    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

    private PeerClusterWrite() {}

    /** Labels and a stale policy that somebody else gave it stay. */
    public static ApiAnswer apply(Kubeconfig access, ClusterId peer) {
        try (ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor();
                KubernetesClient client = KubeClients.connect(access, ANSWER_MAX, tasks)) {
            String version = CustomVersions.served(client, CustomKind.PEER_CLUSTER);
            GenericKubernetesResource object = client.getKubernetesSerialization()
                    .unmarshal(manifest(peer, version), GenericKubernetesResource.class);
            var _ = client.genericKubernetesResources(CustomKind.PEER_CLUSTER.at(version))
                    .resource(object)
                    .patch(new PatchContext.Builder()
                            .withPatchType(PatchType.SERVER_SIDE_APPLY)
                            .withFieldManager(MANAGER)
                            .withForce(true)
                            .build());
            return new ApiAnswer.Done();
        } catch (KubernetesClientException refused) {
            return new ApiAnswer.Refused(String.valueOf(refused.getMessage()));
        }
    }

    /** As an operator would apply it. */
    public static String manifest(ClusterId peer) {
        return manifest(peer, CustomKind.PEER_CLUSTER.versions().getFirst());
    }

    private static String manifest(ClusterId peer, String version) {
        return """
                apiVersion: %s/%s
                kind: %s
                metadata: {name: "%s"}
                """.formatted(CustomKind.PEER_CLUSTER.group(), version, CustomKind.PEER_CLUSTER.kind(), peer.name());
    }
}
