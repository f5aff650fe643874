package io.beringia.discovery.kube;

import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out in which version a cluster serves each kind of the Multi-Cluster Services API. Owned by the thread that probes
 * the API.
 */
final class McsVersions {
    private final KubernetesClient client;
    private final Set<McsKind> found = EnumSet.noneOf(McsKind.class);
    private final Set<McsKind> missed = EnumSet.noneOf(McsKind.class);

    /** What is known of a kind for the first time. */
    sealed interface Found {
        record Served(McsKind kind, ResourceDefinitionContext at) implements Found {}

        record Absent(McsKind kind) implements Found {}
    }

    McsVersions(KubernetesClient client) {
        this.client = client;
    }

    /** Asks until both are found. An API that does not answer has said nothing. */
    List<Found> look() {
        List<Found> news = new ArrayList<>();
        for (McsKind kind : McsKind.values()) {
            if (!found.contains(kind)) {
                look(kind).ifPresent(news::add);
            }
        }
        return news;
    }

    private Optional<Found> look(McsKind kind) {
        try {
            for (String version : McsKind.VERSIONS) {
                if (isServed(client, kind, version)) {
                    found.add(kind);
                    return Optional.of(new Found.Served(kind, kind.at(version)));
                }
            }
        } catch (KubernetesClientException silent) {
            return Optional.empty();
        }
        return missed.add(kind) ? Optional.of(new Found.Absent(kind)) : Optional.empty();
    }

    static boolean isServed(KubernetesClient client, McsKind kind, String version) {
        APIResourceList resources = client.getApiResources(McsKind.GROUP + "/" + version);
        return resources != null
                && resources.getResources().stream()
                        .anyMatch(resource -> resource.getName().equals(kind.plural()));
    }
}
