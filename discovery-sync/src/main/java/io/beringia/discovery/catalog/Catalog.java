package io.beringia.discovery.catalog;

import io.beringia.trust.identity.SpiffeId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

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
        return new Catalog(
                revision,
                plan,
                byKey(workloads, Workload::uid),
                byKey(services, Service::name),
                byKey(policies, Policy::key),
                byKey(exported, one -> one.service().hostname()),
                byKey(relayTargets, one -> one.service().hostname()),
                byKey(clusters, ClusterState::cluster),
                CatalogIndex.of(workloads, services, clusters));
    }

    /** Endpoints of a service, in order of uid. */
    public List<Workload> endpoints(ServiceName service) {
        return index.endpoints().getOrDefault(service, List.of());
    }

    /** Services of that hostname, in every namespace. */
    public List<Service> servicesNamed(String hostname) {
        return index.byHostname().getOrDefault(hostname, List.of());
    }

    public List<Service> servicesAt(NetworkAddress address) {
        return index.byVirtualAddress().getOrDefault(address, List.of());
    }

    public Optional<Workload> workloadAt(NetworkAddress address) {
        return Optional.ofNullable(index.byAddress().get(address));
    }

    /** The service by which pods reach the API server of their cluster, under each domain that clusters give their services. */
    public List<Service> apiServers() {
        return index.apiServers();
    }

    /** Whether somebody on its host's network has that address: it is a node's then, and no pod's own. */
    public boolean isHost(NetworkAddress address) {
        return index.hosts().contains(address);
    }

    /** The gateways known by this identity, of every cluster; empty for everybody who is no gateway. */
    public List<GatewayAddress> gatewaysOf(SpiffeId identity) {
        return index.gateways().getOrDefault(identity, List.of());
    }

    /** Whether some workload of that network has exactly this identity. */
    public boolean isResident(SpiffeId identity, Network network) {
        return identity.serviceAccount()
                .filter(account -> index.residents()
                        .contains(new CatalogIndex.Resident(
                                network, identity.trustDomain(), account.namespace(), account.name())))
                .isPresent();
    }

    private static <K, V> Map<K, V> byKey(Collection<V> values, Function<V, K> key) {
        return values.stream().collect(Collectors.toUnmodifiableMap(key, value -> value, (earlier, later) -> later));
    }

    @Override
    public String toString() {
        return "Catalog[revision " + revision + ", plan " + plan + ", " + services.size() + " services, "
                + workloads.size() + " workloads]";
    }
}
