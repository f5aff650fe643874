package io.beringia.discovery.wire;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.ExportedAuthority;
import io.beringia.discovery.catalog.PersistentMap;
import io.beringia.discovery.catalog.Policy;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.Workload;

/** The values of a catalog, as they come one by one. Immutable. */
record HeldValues(
        PersistentMap<String, Workload> workloads,
        PersistentMap<ServiceName, Service> services,
        PersistentMap<String, Policy> policies,
        PersistentMap<String, ExportedAuthority> exported,
        PersistentMap<String, RelayTarget> relayTargets,
        PersistentMap<ClusterId, ClusterState> clusters) {
    static final HeldValues NONE = new HeldValues(
            PersistentMap.empty(),
            PersistentMap.empty(),
            PersistentMap.empty(),
            PersistentMap.empty(),
            PersistentMap.empty(),
            PersistentMap.empty());

    HeldValues with(MeshValue value) {
        return switch (value) {
            case MeshValue.OfWorkload(Workload it) -> mesh(workloads.with(it.uid(), it), services, policies);
            case MeshValue.OfService(Service it) -> mesh(workloads, services.with(it.name(), it), policies);
            case MeshValue.OfPolicy(Policy it) -> mesh(workloads, services, policies.with(it.key(), it));
            case MeshValue.OfExported(ExportedAuthority it) ->
                gateway(exported.with(value.name(), it), relayTargets, clusters);
            case MeshValue.OfRelayTarget(RelayTarget it) ->
                gateway(exported, relayTargets.with(value.name(), it), clusters);
            case MeshValue.OfCluster(ClusterState it) ->
                gateway(exported, relayTargets, clusters.with(it.cluster(), it));
        };
    }

    HeldValues without(MeshValue value) {
        return switch (value) {
            case MeshValue.OfWorkload(Workload it) -> mesh(workloads.without(it.uid()), services, policies);
            case MeshValue.OfService(Service it) -> mesh(workloads, services.without(it.name()), policies);
            case MeshValue.OfPolicy(Policy it) -> mesh(workloads, services, policies.without(it.key()));
            case MeshValue.OfExported _ -> gateway(exported.without(value.name()), relayTargets, clusters);
            case MeshValue.OfRelayTarget _ -> gateway(exported, relayTargets.without(value.name()), clusters);
            case MeshValue.OfCluster(ClusterState it) ->
                gateway(exported, relayTargets, clusters.without(it.cluster()));
        };
    }

    /** Another of what every client is told. */
    private HeldValues mesh(
            PersistentMap<String, Workload> nextWorkloads,
            PersistentMap<ServiceName, Service> nextServices,
            PersistentMap<String, Policy> nextPolicies) {
        return new HeldValues(nextWorkloads, nextServices, nextPolicies, exported, relayTargets, clusters);
    }

    /** Another of what gateways are told. */
    private HeldValues gateway(
            PersistentMap<String, ExportedAuthority> nextExported,
            PersistentMap<String, RelayTarget> nextTargets,
            PersistentMap<ClusterId, ClusterState> nextClusters) {
        return new HeldValues(workloads, services, policies, nextExported, nextTargets, nextClusters);
    }
}
