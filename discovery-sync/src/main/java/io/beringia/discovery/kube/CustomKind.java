package io.beringia.discovery.kube;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Kinds that Kubernetes does not bring: they are there while their definitions are installed. */
enum CustomKind {
    SERVICE_EXPORT(Group.MCS, "ServiceExport", "serviceexports"),
    SERVICE_IMPORT(Group.MCS, "ServiceImport", "serviceimports"),
    AUTHORIZATION_POLICY(Group.ISTIO_SECURITY, "AuthorizationPolicy", "authorizationpolicies"),
    PEER_AUTHENTICATION(Group.ISTIO_SECURITY, "PeerAuthentication", "peerauthentications"),
    GATEWAY(Group.GATEWAY_API, "Gateway", "gateways"),
    GATEWAY_CLASS(Group.GATEWAY_API, "GatewayClass", "gatewayclasses"),
    SERVICE_ENTRY(Group.ISTIO_NETWORKING, "ServiceEntry", "serviceentries"),
    WORKLOAD_ENTRY(Group.ISTIO_NETWORKING, "WorkloadEntry", "workloadentries"),
    EXPORT_POLICY(Group.BERINGIA, "ExportPolicy", "exportpolicies"),
    PEER_CLUSTER(Group.BERINGIA, "PeerCluster", "peerclusters");

    private final Group group;
    private final String kind;
    private final String plural;

    CustomKind(Group group, String kind, String plural) {
        this.group = group;
        this.kind = kind;
        this.plural = plural;
    }

    /** An API group. */
    private enum Group {
        MCS("multicluster.x-k8s.io"),
        ISTIO_SECURITY("security.istio.io"),
        GATEWAY_API("gateway.networking.k8s.io"),
        ISTIO_NETWORKING("networking.istio.io"),
        BERINGIA("beringia.io");

        private final String word;

        Group(String word) {
            this.word = word;
        }
    }

    ResourceDefinitionContext at(String version) {
        return new ResourceDefinitionContext.Builder()
                .withGroup(group.word)
                .withVersion(version)
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(isNamespaced())
                .build();
    }

    boolean isNamespaced() {
        return this != GATEWAY_CLASS && this != PEER_CLUSTER;
    }

    String group() {
        return group.word;
    }

    /** In order of preference; all of them have the same shape. */
    List<String> versions() {
        return switch (group) {
            case MCS -> List.of("v1beta1", "v1alpha1");
            case ISTIO_SECURITY, ISTIO_NETWORKING -> List.of("v1");
            case GATEWAY_API -> List.of("v1", "v1beta1");
            case BERINGIA -> List.of("v1alpha1");
        };
    }

    String kind() {
        return kind;
    }

    String plural() {
        return plural;
    }

    WatchNews.Watched watched() {
        return switch (this) {
            case SERVICE_EXPORT -> WatchNews.Watched.SERVICE_EXPORTS;
            case SERVICE_IMPORT -> WatchNews.Watched.SERVICE_IMPORTS;
            case AUTHORIZATION_POLICY -> WatchNews.Watched.AUTHORIZATION_POLICIES;
            case PEER_AUTHENTICATION -> WatchNews.Watched.PEER_AUTHENTICATIONS;
            case GATEWAY -> WatchNews.Watched.GATEWAYS;
            case GATEWAY_CLASS -> WatchNews.Watched.GATEWAY_CLASSES;
            case SERVICE_ENTRY -> WatchNews.Watched.SERVICE_ENTRIES;
            case WORKLOAD_ENTRY -> WatchNews.Watched.WORKLOAD_ENTRIES;
            case EXPORT_POLICY -> WatchNews.Watched.EXPORT_POLICIES;
            case PEER_CLUSTER -> WatchNews.Watched.PEER_CLUSTERS;
        };
    }

    static Optional<CustomKind> of(WatchNews.Watched watched) {
        return Arrays.stream(values()).filter(kind -> kind.watched() == watched).findFirst();
    }

    KubeObject compact(GenericKubernetesResource object) {
        return switch (this) {
            case SERVICE_EXPORT -> McsForm.export(object);
            case SERVICE_IMPORT -> McsForm.imported(object);
            case AUTHORIZATION_POLICY -> PolicyForm.policy(object);
            case PEER_AUTHENTICATION -> PolicyForm.peerAuthentication(object);
            case GATEWAY -> WaypointForm.gateway(object);
            case GATEWAY_CLASS -> WaypointForm.gatewayClass(object);
            case SERVICE_ENTRY -> EntryForm.service(object);
            case WORKLOAD_ENTRY -> EntryForm.workload(object);
            case EXPORT_POLICY -> ExportPolicyForm.policy(object);
            case PEER_CLUSTER -> ExportPolicyForm.peer(object);
        };
    }
}
