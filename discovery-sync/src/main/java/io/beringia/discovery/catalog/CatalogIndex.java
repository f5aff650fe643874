package io.beringia.discovery.catalog;

import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The ways in which a {@link Catalog} is asked, worked out once per revision; reached through its methods. */
public record CatalogIndex(
        Map<ServiceName, List<Workload>> endpoints,
        Map<String, List<Service>> byHostname,
        Map<NetworkAddress, List<Service>> byVirtualAddress,
        Map<NetworkAddress, Workload> byAddress,
        List<Service> apiServers,
        Set<NetworkAddress> hosts,
        Map<SpiffeId, List<GatewayAddress>> gateways,
        Set<Resident> residents) {
    /** Some workload of that network has that identity; in parts, since most are never asked for as a whole. */
    public record Resident(Network network, TrustDomain trustDomain, String namespace, String serviceAccount) {}

    static CatalogIndex of(
            Collection<Workload> workloads, Collection<Service> services, Collection<ClusterState> clusters) {
        List<Workload> ordered =
                workloads.stream().sorted(Comparator.comparing(Workload::uid)).toList();
        return new CatalogIndex(
                grouped(ordered, workload -> workload.services().keySet()),
                grouped(services, service -> List.of(service.name().hostname())),
                grouped(services, Service::addresses),
                byAddress(ordered),
                services.stream().filter(CatalogIndex::isApiServer).toList(),
                hosts(ordered),
                grouped(
                        clusters.stream()
                                .flatMap(cluster -> cluster.gateways().stream())
                                .toList(),
                        gateway -> List.of(gateway.identity())),
                ordered.stream().map(CatalogIndex::resident).collect(Collectors.toUnmodifiableSet()));
    }

    private static Resident resident(Workload workload) {
        return new Resident(
                workload.network(), workload.trustDomain(), workload.namespace(), workload.serviceAccount());
    }

    private static <K, V> Map<K, List<V>> grouped(Collection<V> values, Function<V, Collection<K>> keys) {
        Map<K, List<V>> groups = new HashMap<>();
        for (V value : values) {
            for (K key : keys.apply(value)) {
                groups.computeIfAbsent(key, absent -> new ArrayList<>()).add(value);
            }
        }
        groups.replaceAll((key, group) -> List.copyOf(group));
        return Map.copyOf(groups);
    }

    /** Kubernetes names it so in every cluster, under whatever domain its services have. */
    private static boolean isApiServer(Service service) {
        return service.name().namespace().equals("default")
                && service.name().hostname().startsWith("kubernetes.default.svc.");
    }

    private static Set<NetworkAddress> hosts(List<Workload> workloads) {
        return workloads.stream()
                .filter(Workload::hostNetwork)
                .flatMap(
                        workload -> workload.addresses().stream().map(ip -> new NetworkAddress(workload.network(), ip)))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Pods on the host's network share its address with others, so an address does not name them. */
    private static Map<NetworkAddress, Workload> byAddress(List<Workload> workloads) {
        Map<NetworkAddress, Workload> found = new HashMap<>();
        for (Workload workload : workloads) {
            if (!workload.hostNetwork()) {
                workload.addresses().forEach(ip -> found.put(new NetworkAddress(workload.network(), ip), workload));
            }
        }
        return Map.copyOf(found);
    }
}
