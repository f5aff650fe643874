package io.beringia.discovery.catalog;

import io.beringia.trust.identity.SpiffeId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * All that one client of the mesh knows, at one revision: immutable, indexed, and never torn, since whoever decides
 * takes it once and keeps it for the whole decision.
 *
 * @param revision grows with every change of this source; 0 means that nothing was ever received
 * @param plan the plan on which shares and states rest
 */
public record Catalog(
        long revision,
        PlanVersion plan,
        Map<String, Workload> workloads,
        Map<ServiceName, Service> services,
        Map<String, Policy> policies,
        Map<String, ExportedAuthority> exported,
        Map<String, RelayTarget> relayTargets,
        Map<ClusterId, ClusterState> clusters,
        CatalogIndex index) {
    public static final Catalog EMPTY =
            of(0, PlanVersion.NONE, List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    public Catalog {
        workloads = PersistentMap.copyOf(workloads);
        services = PersistentMap.copyOf(services);
        policies = PersistentMap.copyOf(policies);
        exported = PersistentMap.copyOf(exported);
        relayTargets = PersistentMap.copyOf(relayTargets);
        clusters = PersistentMap.copyOf(clusters);
    }

    /** The parts as they are, indexed. A later one of the same name wins. */
    public static Catalog of(
            long revision,
            PlanVersion plan,
            Collection<Workload> workloads,
            Collection<Service> services,
            Collection<Policy> policies,
            Collection<ExportedAuthority> exported,
            Collection<RelayTarget> relayTargets,
            Collection<ClusterState> clusters) {
        Map<String, Workload> byUid = byKey(workloads, Workload::uid);
        Map<ServiceName, Service> byName = byKey(services, Service::name);
        Map<ClusterId, ClusterState> byCluster = byKey(clusters, ClusterState::cluster);
        return new Catalog(
                revision,
                plan,
                byUid,
                byName,
                byKey(policies, Policy::key),
                byKey(exported, one -> one.service().hostname()),
                byKey(relayTargets, one -> one.service().hostname()),
                byCluster,
                CatalogIndex.of(byUid.values(), byName.values(), byCluster.values()));
    }

    /** Another revision; only what differs from this one is indexed anew, and looked at. */
    public Catalog next(
            long nextRevision,
            PlanVersion nextPlan,
            Map<String, Workload> nextWorkloads,
            Map<ServiceName, Service> nextServices,
            Map<String, Policy> nextPolicies,
            Map<String, ExportedAuthority> nextExported,
            Map<String, RelayTarget> nextRelayTargets,
            Map<ClusterId, ClusterState> nextClusters) {
        return new Catalog(
                nextRevision,
                nextPlan,
                nextWorkloads,
                nextServices,
                nextPolicies,
                nextExported,
                nextRelayTargets,
                nextClusters,
                index.next(this, nextWorkloads, nextServices, nextClusters));
    }

    /** Endpoints of a service, in order of uid. */
    public List<Workload> endpoints(ServiceName service) {
        return index.endpoints().find(service);
    }

    /** Services of that hostname, in every namespace, in order of name. */
    public List<Service> servicesNamed(String hostname) {
        return index.byHostname().find(hostname);
    }

    public List<Service> servicesAt(NetworkAddress address) {
        return index.byVirtualAddress().find(address);
    }

    public Optional<Workload> workloadAt(NetworkAddress address) {
        List<Workload> there = index.byAddress().find(address);
        return there.isEmpty() ? Optional.empty() : Optional.of(there.getLast());
    }

    /** The service by which pods reach the API server of their cluster, under each domain that clusters give their services. */
    public List<Service> apiServers() {
        return index.allApiServers();
    }

    /** Whether somebody on its host's network has that address: it is a node's then, and no pod's own. */
    public boolean isHost(NetworkAddress address) {
        return !index.hosts().find(address).isEmpty();
    }

    /** The gateways known by this identity, of every cluster; empty for everybody who is no gateway. */
    public List<GatewayAddress> gatewaysOf(SpiffeId identity) {
        return index.gateways().getOrDefault(identity, List.of());
    }

    /** Whether some workload of that network has exactly this identity. */
    public boolean isResident(SpiffeId identity, Network network) {
        return identity.serviceAccount()
                .filter(account -> index.residents()
                        .containsKey(new CatalogIndex.Resident(
                                network, identity.trustDomain(), account.namespace(), account.name())))
                .isPresent();
    }

    private static <K, V> Map<K, V> byKey(Collection<V> values, Function<V, K> key) {
        return PersistentMap.<K, V>empty().holding(values, key);
    }

    @Override
    public String toString() {
        return "Catalog[revision " + revision + ", plan " + plan + ", " + services.size() + " services, "
                + workloads.size() + " workloads]";
    }
}
