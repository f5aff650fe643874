package io.beringia.discovery.kube;

import java.util.Locale;

/** What informers and the liveness probe hand to the thread of a {@link ClusterWatch}. */
sealed interface WatchNews {
    record Put(KubeObject object) implements WatchNews {}

    /** Its API says that it was deleted. */
    record Gone(Watched kind, ObjectName name) implements WatchNews {}

    /** A list lacks it; why, nobody says. */
    record Lacked(Watched kind, ObjectName name) implements WatchNews {}

    /** All that a list said was handed over. */
    record Listed(Watched kind, long version) implements WatchNews {}

    /** Its API is at an earlier version than it was: what it says from here on is of a restored past. */
    record Rewound() implements WatchNews {}

    /** Its API does not know that kind: there is nothing of it. */
    record Absent(Watched kind) implements WatchNews {}

    /** Its API does not know that kind any more. */
    record Undefined(Watched kind) implements WatchNews {}

    record Probed(boolean answered) implements WatchNews {}

    /** What an informer says: the one of that generation. */
    record Said(Watched kind, int generation, WatchNews what) implements WatchNews {}

    /** The kinds that are watched. */
    enum Watched {
        NAMESPACES,
        NODES,
        PODS,
        SERVICES,
        ENDPOINT_SLICES,
        SERVICE_EXPORTS,
        SERVICE_IMPORTS,
        AUTHORIZATION_POLICIES,
        PEER_AUTHENTICATIONS,
        GATEWAYS,
        GATEWAY_CLASSES,
        SERVICE_ENTRIES,
        WORKLOAD_ENTRIES,
        EXPORT_POLICIES,
        PEER_CLUSTERS;

        /** As its API calls it in paths. */
        String plural() {
            return name().toLowerCase(Locale.ROOT).replace("_", "");
        }

        /** As its API calls it everywhere; of one that somebody defines it is the name of the definition. */
        String resource() {
            return CustomKind.of(this)
                    .map(kind -> kind.plural() + "." + kind.group())
                    .orElse(plural());
        }

        static Watched of(KubeObject object) {
            return switch (object) {
                case KubeObject.NamespaceObject _ -> NAMESPACES;
                case KubeObject.NodeObject _ -> NODES;
                case KubeObject.PodObject _ -> PODS;
                case KubeObject.ServiceObject _ -> SERVICES;
                case KubeObject.SliceObject _ -> ENDPOINT_SLICES;
                case KubeObject.ServiceExportObject _ -> SERVICE_EXPORTS;
                case KubeObject.ServiceImportObject _ -> SERVICE_IMPORTS;
                case KubeObject.AuthorizationPolicyObject _ -> AUTHORIZATION_POLICIES;
                case KubeObject.PeerAuthenticationObject _ -> PEER_AUTHENTICATIONS;
                case KubeObject.GatewayObject _ -> GATEWAYS;
                case KubeObject.GatewayClassObject _ -> GATEWAY_CLASSES;
                case KubeObject.ServiceEntryObject _ -> SERVICE_ENTRIES;
                case KubeObject.WorkloadEntryObject _ -> WORKLOAD_ENTRIES;
                case KubeObject.ExportPolicyObject _ -> EXPORT_POLICIES;
                case KubeObject.PeerClusterObject _ -> PEER_CLUSTERS;
            };
        }
    }
}
