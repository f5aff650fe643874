package io.beringia.discovery.catalog;

import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The ways in which a {@link Catalog} is asked, reached through its methods. One revision's index is made of the one before
 * at the price of what differs; it equals one that is made from nothing.
 *
 * @param apiServers in order of name
 * @param residents how many workloads have that identity
 */
public record CatalogIndex(
        Groups<ServiceName, Workload> endpoints,
        Groups<String, Service> byHostname,
        Groups<NetworkAddress, Service> byVirtualAddress,
        Groups<NetworkAddress, Workload> byAddress,
        Groups<String, Service> apiServers,
        Groups<NetworkAddress, Workload> hosts,
        Map<SpiffeId, List<GatewayAddress>> gateways,
        Map<Resident, Integer> residents) {
    /** The one key of what has no other. */
    private static final String ALL = "";

    private static final Comparator<Workload> BY_UID = Comparator.comparing(Workload::uid);
    private static final Comparator<Service> BY_NAME = Comparator.comparing(Service::name);

    static final CatalogIndex EMPTY = new CatalogIndex(
            Groups.none(workload -> workload.services().keySet(), BY_UID),
            Groups.none(service -> List.of(service.name().hostname()), BY_NAME),
            Groups.none(Service::addresses, BY_NAME),
            Groups.none(workload -> workload.hostNetwork() ? List.of() : addresses(workload), BY_UID),
            Groups.none(service -> isApiServer(service) ? List.of(ALL) : List.of(), BY_NAME),
            Groups.none(workload -> workload.hostNetwork() ? addresses(workload) : List.of(), BY_UID),
            Map.of(),
            PersistentMap.empty());

    /** Some workload of that network has that identity; in parts, since most are never asked for as a whole. */
    public record Resident(Network network, TrustDomain trustDomain, String namespace, String serviceAccount) {
        static Resident of(Workload workload) {
            return new Resident(
                    workload.network(), workload.trustDomain(), workload.namespace(), workload.serviceAccount());
        }
    }

    static CatalogIndex of(
            Collection<Workload> workloads, Collection<Service> services, Collection<ClusterState> clusters) {
        return new CatalogIndex(
                EMPTY.endpoints.of(workloads),
                EMPTY.byHostname.of(services),
                EMPTY.byVirtualAddress.of(services),
                EMPTY.byAddress.of(workloads),
                EMPTY.apiServers.of(services),
                EMPTY.hosts.of(workloads),
                gateways(clusters),
                PersistentMap.copyOf(
                        workloads.stream().collect(Collectors.toMap(Resident::of, workload -> 1, Integer::sum))));
    }

    /** @param before what this is the index of */
    CatalogIndex next(
            Catalog before,
            Map<String, Workload> workloads,
            Map<ServiceName, Service> services,
            Map<ClusterId, ClusterState> clusters) {
        Set<String> uids = PersistentMap.differences(before.workloads(), workloads);
        Set<ServiceName> names = PersistentMap.differences(before.services(), services);
        if (isMost(uids, workloads) || isMost(names, services)) {
            return of(workloads.values(), services.values(), clusters.values());
        }
        CatalogIndex next = this;
        for (String uid : uids) {
            next = next.without(before.workloads().get(uid)).with(workloads.get(uid));
        }
        for (ServiceName name : names) {
            next = next.without(before.services().get(name)).with(services.get(name));
        }
        return PersistentMap.differences(before.clusters(), clusters).isEmpty()
                ? next
                : next.with(gateways(clusters.values()));
    }

    /** Then one by one would be the longer way. */
    private static boolean isMost(Set<?> differing, Map<?, ?> all) {
        return differing.size() > all.size() / 2;
    }

    private CatalogIndex without(@Nullable Workload gone) {
        return gone == null
                ? this
                : with(
                        endpoints.without(gone),
                        byAddress.without(gone),
                        hosts.without(gone),
                        counted(Resident.of(gone), -1));
    }

    private CatalogIndex with(@Nullable Workload come) {
        return come == null
                ? this
                : with(endpoints.with(come), byAddress.with(come), hosts.with(come), counted(Resident.of(come), 1));
    }

    private CatalogIndex without(@Nullable Service gone) {
        return gone == null
                ? this
                : with(byHostname.without(gone), byVirtualAddress.without(gone), apiServers.without(gone));
    }

    private CatalogIndex with(@Nullable Service come) {
        return come == null ? this : with(byHostname.with(come), byVirtualAddress.with(come), apiServers.with(come));
    }

    private CatalogIndex with(
            Groups<ServiceName, Workload> nextEndpoints,
            Groups<NetworkAddress, Workload> nextByAddress,
            Groups<NetworkAddress, Workload> nextHosts,
            Map<Resident, Integer> nextResidents) {
        return new CatalogIndex(
                nextEndpoints,
                byHostname,
                byVirtualAddress,
                nextByAddress,
                apiServers,
                nextHosts,
                gateways,
                nextResidents);
    }

    private CatalogIndex with(
            Groups<String, Service> nextByHostname,
            Groups<NetworkAddress, Service> nextByVirtualAddress,
            Groups<String, Service> nextApiServers) {
        return new CatalogIndex(
                endpoints, nextByHostname, nextByVirtualAddress, byAddress, nextApiServers, hosts, gateways, residents);
    }

    private CatalogIndex with(Map<SpiffeId, List<GatewayAddress>> nextGateways) {
        return new CatalogIndex(
                endpoints, byHostname, byVirtualAddress, byAddress, apiServers, hosts, nextGateways, residents);
    }

    private Map<Resident, Integer> counted(Resident resident, int more) {
        PersistentMap<Resident, Integer> counts = PersistentMap.copyOf(residents);
        int count = counts.getOrDefault(resident, 0) + more;
        return count == 0 ? counts.without(resident) : counts.with(resident, count);
    }

    /** Kubernetes names it so in every cluster, under whatever domain its services have. */
    private static boolean isApiServer(Service service) {
        return service.name().namespace().equals("default")
                && service.name().hostname().startsWith("kubernetes.default.svc.");
    }

    List<Service> allApiServers() {
        return apiServers.find(ALL);
    }

    private static List<NetworkAddress> addresses(Workload workload) {
        return workload.addresses().stream()
                .map(ip -> new NetworkAddress(workload.network(), ip))
                .toList();
    }

    private static Map<SpiffeId, List<GatewayAddress>> gateways(Collection<ClusterState> clusters) {
        return clusters.stream()
                .sorted(Comparator.comparing(ClusterState::cluster))
                .flatMap(cluster -> cluster.gateways().stream())
                .collect(Collectors.groupingBy(
                        GatewayAddress::identity, Collectors.collectingAndThen(Collectors.toList(), List::copyOf)));
    }
}
