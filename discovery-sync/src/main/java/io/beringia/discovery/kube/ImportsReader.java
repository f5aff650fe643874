package io.beringia.discovery.kube;

import io.beringia.discovery.kube.KubeObject.ServiceImportObject;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Reads all ServiceImports of a cluster once, for people. Any thread. */
public final class ImportsReader {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

    private ImportsReader() {}

    /** In order of name. {@link ApiUnreachable} where the API does not say, or does not know the kind. */
    public static List<ServiceImportObject> read(Kubeconfig access) {
        try (ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor();
                KubernetesClient client = KubeClients.connect(access, ANSWER_MAX, tasks)) {
            return client
                    .genericKubernetesResources(
                            CustomKind.SERVICE_IMPORT.at(CustomVersions.served(client, CustomKind.SERVICE_IMPORT)))
                    .inAnyNamespace()
                    .list()
                    .getItems()
                    .stream()
                    .map(McsForm::imported)
                    .sorted(Comparator.comparing(ServiceImportObject::name))
                    .toList();
        } catch (KubernetesClientException silent) {
            throw new ApiUnreachable(silent);
        }
    }
}
