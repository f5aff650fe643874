package io.beringia.discovery.lab;

import java.util.Arrays;
import java.util.List;
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
            true),
    SERVICE_EXPORT(
            "multicluster.x-k8s.io", "serviceexports", "ServiceExport", "svcex", Scope.NAMESPACED, true, Source.MCS),
    SERVICE_IMPORT(
            "multicluster.x-k8s.io", "serviceimports", "ServiceImport", "svcim", Scope.NAMESPACED, true, Source.MCS),
    AUTHORIZATION_POLICY(
            "security.istio.io",
            "authorizationpolicies",
            "AuthorizationPolicy",
            "ap",
            Scope.NAMESPACED,
            true,
            Source.STABLE_DEFINITION),
    PEER_AUTHENTICATION(
            "security.istio.io",
            "peerauthentications",
            "PeerAuthentication",
            "pa",
            Scope.NAMESPACED,
            true,
            Source.STABLE_DEFINITION),
    GATEWAY(
            "gateway.networking.k8s.io",
            "gateways",
            "Gateway",
            "gtw",
            Scope.NAMESPACED,
            true,
            Source.STABLE_DEFINITION),
    GATEWAY_CLASS(
            "gateway.networking.k8s.io",
            "gatewayclasses",
            "GatewayClass",
            "gc",
            Scope.CLUSTER,
            true,
            Source.STABLE_DEFINITION),
    SERVICE_ENTRY(
            "networking.istio.io",
            "serviceentries",
            "ServiceEntry",
            "se",
            Scope.NAMESPACED,
            true,
            Source.STABLE_DEFINITION),
    WORKLOAD_ENTRY(
            "networking.istio.io",
            "workloadentries",
            "WorkloadEntry",
            "we",
            Scope.NAMESPACED,
            true,
            Source.STABLE_DEFINITION),
    EXPORT_POLICY("beringia.io", "exportpolicies", "ExportPolicy", "", Scope.NAMESPACED, true, Source.BERINGIA),
    PEER_CLUSTER("beringia.io", "peerclusters", "PeerCluster", "", Scope.CLUSTER, true, Source.BERINGIA);

    /** Of every kind that Kubernetes itself brings, and of whatever else is stable. */
    static final String VERSION = "v1";

    private final String group;
    private final String plural;
    private final String kind;
    private final String shortName;
    private final Scope scope;
    private final boolean statusSubresource;
    private final Source source;

    LabKind(String group, String plural, String kind, String shortName, Scope scope, boolean statusSubresource) {
        this(group, plural, kind, shortName, scope, statusSubresource, Source.KUBERNETES);
    }

    LabKind(
            String group,
            String plural,
            String kind,
            String shortName,
            Scope scope,
            boolean statusSubresource,
            Source source) {
        this.group = group;
        this.plural = plural;
        this.kind = kind;
        this.shortName = shortName;
        this.scope = scope;
        this.statusSubresource = statusSubresource;
        this.source = source;
    }

    static Optional<LabKind> ofPlural(String group, String plural) {
        return Arrays.stream(values())
                .filter(one -> one.group.equals(group) && one.plural.equals(plural))
                .findFirst();
    }

    static Optional<LabKind> ofManifest(String apiVersion, String kind) {
        return Arrays.stream(values())
                .filter(one -> one.kind.equals(kind)
                        && one.versions().stream().map(one::apiVersion).anyMatch(apiVersion::equals))
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

    /** Of the version in which it is stored. */
    String apiVersion() {
        return apiVersion(versions().getFirst());
    }

    String apiVersion(String version) {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** In order of preference; what is stored in one is served in all of them as it is. */
    List<String> versions() {
        return switch (source) {
            case KUBERNETES, STABLE_DEFINITION -> List.of(VERSION);
            case MCS -> List.of("v1beta1", "v1alpha1");
            case BERINGIA -> List.of("v1alpha1");
        };
    }

    /** The name of the CustomResourceDefinition without which it is not served; empty for what Kubernetes brings. */
    Optional<String> definition() {
        return switch (source) {
            case KUBERNETES -> Optional.empty();
            case STABLE_DEFINITION, MCS, BERINGIA -> Optional.of(plural + "." + group);
        };
    }

    private enum Scope {
        CLUSTER,
        NAMESPACED
    }

    /** Who defines it, and in which versions. */
    private enum Source {
        KUBERNETES,
        /** A CustomResourceDefinition with the version {@code v1}. */
        STABLE_DEFINITION,
        /** The definitions of the Multi-Cluster Services API. */
        MCS,
        /** Ours. */
        BERINGIA
    }
}
