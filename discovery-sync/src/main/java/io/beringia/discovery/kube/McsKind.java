package io.beringia.discovery.kube;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;

/** The two kinds of the Multi-Cluster Services API. */
enum McsKind {
    SERVICE_EXPORT("ServiceExport", "serviceexports"),
    SERVICE_IMPORT("ServiceImport", "serviceimports");

    static final String GROUP = "multicluster.x-k8s.io";

    /** In order of preference; both have the same shape. */
    static final List<String> VERSIONS = List.of("v1beta1", "v1alpha1");

    private final String kind;
    private final String plural;

    McsKind(String kind, String plural) {
        this.kind = kind;
        this.plural = plural;
    }

    ResourceDefinitionContext at(String version) {
        return new ResourceDefinitionContext.Builder()
                .withGroup(GROUP)
                .withVersion(version)
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(true)
                .build();
    }

    String plural() {
        return plural;
    }

    WatchNews.Watched watched() {
        return switch (this) {
            case SERVICE_EXPORT -> WatchNews.Watched.SERVICE_EXPORTS;
            case SERVICE_IMPORT -> WatchNews.Watched.SERVICE_IMPORTS;
        };
    }

    KubeObject compact(GenericKubernetesResource object) {
        return switch (this) {
            case SERVICE_EXPORT -> McsForm.export(object);
            case SERVICE_IMPORT -> McsForm.imported(object);
        };
    }
}
