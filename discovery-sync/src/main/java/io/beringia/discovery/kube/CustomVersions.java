package io.beringia.discovery.kube;

import io.fabric8.kubernetes.api.model.APIGroupList;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.GroupVersionForDiscovery;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out in which version a cluster serves each kind that Kubernetes does not bring. Owned by the thread that looks for
 * definitions; {@link #lost} is the door.
 */
final class CustomVersions {
    private static final Logger LOG = LoggerFactory.getLogger(CustomVersions.class);

    private static final int NOT_FOUND = 404;

    private final KubernetesClient client;
    private final Set<CustomKind> found = EnumSet.noneOf(CustomKind.class);
    private final Set<CustomKind> missed = EnumSet.noneOf(CustomKind.class);
    private final Set<CustomKind> lost = ConcurrentHashMap.newKeySet();

    /** What is known of a kind for the first time, or for the first time since it was lost. */
    sealed interface Found {
        record Served(CustomKind kind, ResourceDefinitionContext at) implements Found {}

        record Absent(CustomKind kind) implements Found {}
    }

    CustomVersions(KubernetesClient client) {
        this.client = client;
    }

    /** Any thread. A kind that was served is not any more: it is looked for again. */
    void lost(CustomKind kind) {
        lost.add(kind);
    }

    /** To be called again and again; it asks for nothing while every kind is found. An API that does not answer has said nothing. */
    List<Found> look() {
        Set<CustomKind> again = Set.copyOf(lost);
        lost.removeAll(again);
        found.removeAll(again);
        if (unfound().isEmpty()) {
            return List.of();
        }
        try {
            return found(new Served(client));
        } catch (KubernetesClientException silent) {
            LOG.atDebug().setCause(silent).log("definitions could not be looked for, it is tried again");
            return List.of();
        }
    }

    private Set<CustomKind> unfound() {
        Set<CustomKind> rest = EnumSet.allOf(CustomKind.class);
        rest.removeAll(found);
        return rest;
    }

    private List<Found> found(Served served) {
        Map<CustomKind, Optional<String>> versions = new HashMap<>();
        for (CustomKind kind : unfound()) {
            versions.put(kind, served.version(kind));
        }
        List<Found> news = new ArrayList<>();
        versions.forEach((kind, version) -> {
            if (version.isPresent()) {
                found.add(kind);
                news.add(new Found.Served(kind, kind.at(version.get())));
            } else if (missed.add(kind)) {
                news.add(new Found.Absent(kind));
            }
        });
        return news;
    }

    /** The first of those that are served; a {@link KubernetesClientException} as of something that is not there. */
    static String served(KubernetesClient client, CustomKind kind) {
        return new Served(client)
                .version(kind)
                .orElseThrow(() -> new KubernetesClientException(
                        kind.plural() + ": not served (expected: their definition installed)", NOT_FOUND, null));
    }

    /** What an API says that it serves, asked at most once for each part. */
    private static final class Served {
        private final KubernetesClient client;
        private final Set<String> versions;
        private final Map<String, Set<String>> kinds = new HashMap<>();

        Served(KubernetesClient client) {
            this.client = client;
            APIGroupList groups = client.getApiGroups();
            this.versions = groups == null
                    ? Set.of()
                    : groups.getGroups().stream()
                            .flatMap(group -> group.getVersions().stream())
                            .map(GroupVersionForDiscovery::getGroupVersion)
                            .collect(Collectors.toSet());
        }

        Optional<String> version(CustomKind kind) {
            return kind.versions().stream()
                    .filter(version -> kinds(kind.group() + "/" + version).contains(kind.plural()))
                    .findFirst();
        }

        /** Nothing where that version is not known at all. */
        private Set<String> kinds(String groupVersion) {
            return versions.contains(groupVersion) ? kinds.computeIfAbsent(groupVersion, this::askedKinds) : Set.of();
        }

        private Set<String> askedKinds(String groupVersion) {
            APIResourceList resources = client.getApiResources(groupVersion);
            return resources == null
                    ? Set.of()
                    : resources.getResources().stream()
                            .map(APIResource::getName)
                            .collect(Collectors.toSet());
        }
    }
}
