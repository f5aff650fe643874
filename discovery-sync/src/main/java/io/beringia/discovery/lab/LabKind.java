package io.beringia.discovery.lab;

import java.util.Arrays;
import java.util.Optional;

/** Every kind of object that the lab serves (Kubernetes API conventions: group, version, resource). */
enum LabKind {
    NAMESPACE("", "namespaces", "Namespace", "ns", Scope.CLUSTER, true),
    NODE("", "nodes", "Node", "no", Scope.CLUSTER, true),
    SERVICE("", "services", "Service", "svc", Scope.NAMESPACED, true),
    POD("", "pods", "Pod", "po", Scope.NAMESPACED, true),
    CONFIG_MAP("", "configmaps", "ConfigMap", "cm", Scope.NAMESPACED, false),
    SERVICE_ACCOUNT("", "serviceaccounts", "ServiceAccount", "sa", Scope.NAMESPACED, false),
    LEASE("coordination.k8s.io", "leases", "Lease", "", Scope.NAMESPACED, false),
    ENDPOINT_SLICE("discovery.k8s.io", "endpointslices", "EndpointSlice", "", Scope.NAMESPACED, false),
    CUSTOM_RESOURCE_DEFINITION(
            "apiextensions.k8s.io",
            "customresourcedefinitions",
            "CustomResourceDefinition",
            "crd",
            Scope.CLUSTER,
            true);

    /** All served kinds are of this version. */
    static final String VERSION = "v1";

    private final String group;
    private final String plural;
    private final String kind;
    private final String shortName;
    private final Scope scope;
    private final boolean statusSubresource;

    LabKind(String group, String plural, String kind, String shortName, Scope scope, boolean statusSubresource) {
        this.group = group;
        this.plural = plural;
        this.kind = kind;
        this.shortName = shortName;
        this.scope = scope;
        this.statusSubresource = statusSubresource;
    }

    static Optional<LabKind> ofPlural(String group, String plural) {
        return Arrays.stream(values())
                .filter(one -> one.group.equals(group) && one.plural.equals(plural))
                .findFirst();
    }

    static Optional<LabKind> ofManifest(String apiVersion, String kind) {
        return Arrays.stream(values())
                .filter(one -> one.apiVersion().equals(apiVersion) && one.kind.equals(kind))
                .findFirst();
    }

    /** Empty for the core group. */
    String group() {
        return group;
    }

    String plural() {
        return plural;
    }

    String kind() {
        return kind;
    }

    /** Empty if there is none. */
    String shortName() {
        return shortName;
    }

    boolean isNamespaced() {
        return scope == Scope.NAMESPACED;
    }

    /** Whether its status is written through {@code /status} only. */
    boolean hasStatusSubresource() {
        return statusSubresource;
    }

    String apiVersion() {
        return group.isEmpty() ? VERSION : group + "/" + VERSION;
    }

    private enum Scope {
        CLUSTER,
        NAMESPACED
    }
}
