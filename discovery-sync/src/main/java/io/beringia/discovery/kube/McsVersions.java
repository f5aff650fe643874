package io.beringia.discovery.kube;

import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out in which version a cluster serves each kind of the Multi-Cluster Services API. Owned by the thread that looks
 * for definitions.
 */
final class McsVersions {
    private static final Logger LOG = LoggerFactory.getLogger(McsVersions.class);

    private static final int NOT_FOUND = 404;

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

    boolean isComplete() {
        return found.size() == McsKind.values().length;
    }

    /** To be called until it is complete. An API that does not answer has said nothing. */
    List<Found> look() {
        List<Found> news = new ArrayList<>();
        try {
            for (String version : McsKind.VERSIONS) {
                Set<String> served = served(client, version);
                for (McsKind kind : McsKind.values()) {
                    if (served.contains(kind.plural()) && found.add(kind)) {
                        news.add(new Found.Served(kind, kind.at(version)));
                    }
                }
            }
            for (McsKind kind : McsKind.values()) {
                if (!found.contains(kind) && missed.add(kind)) {
                    news.add(new Found.Absent(kind));
                }
            }
        } catch (KubernetesClientException silent) {
            LOG.atDebug().setCause(silent).log("definitions could not be looked for, it is tried again");
        }
        return news;
    }

    /** The first of those that are served; a {@link KubernetesClientException} as of something that is not there. */
    static String served(KubernetesClient client, McsKind kind) {
        return McsKind.VERSIONS.stream()
                .filter(version -> isServed(client, kind, version))
                .findFirst()
                .orElseThrow(() -> new KubernetesClientException(
                        kind.plural() + ": not served (expected: their definition installed)", NOT_FOUND, null));
    }

    private static boolean isServed(KubernetesClient client, McsKind kind, String version) {
        return served(client, version).contains(kind.plural());
    }

    /** Nothing where that version is not known at all. */
    private static Set<String> served(KubernetesClient client, String version) {
        APIResourceList resources = client.getApiResources(McsKind.GROUP + "/" + version);
        return resources == null
                ? Set.of()
                : resources.getResources().stream().map(APIResource::getName).collect(Collectors.toSet());
    }
}
