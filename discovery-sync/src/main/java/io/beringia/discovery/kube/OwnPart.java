package io.beringia.discovery.kube;

import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.ExportedAuthority;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Locality;
import io.beringia.discovery.catalog.NetworkAddress;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.merge.ClusterExports;
import io.beringia.discovery.merge.ClustersetName;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.merge.OwnObjects;
import io.beringia.discovery.merge.ShareRules;
import io.beringia.trust.identity.SpiffeId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What our own cluster is to the merged view: all of it for our own clients, what it exports in the form in which other
 * clusters get it, and its gateways. Pure.
 */
public final class OwnPart {
    /** Port of the gateways' service that leads to their HBONE listener. */
    private static final int HBONE_PORT = 15_008;

    private final LocalPart part;
    private final Facts facts;
    private final Map<ServiceName, List<Workload>> endpoints;
    private final GuardRules guards;

    private OwnPart(LocalPart part, Facts facts) {
        this.part = part;
        this.facts = facts;
        this.guards = new GuardRules(part);
        this.endpoints = part.workloads().stream()
                .flatMap(it -> it.services().keySet().stream().map(name -> Map.entry(name, it)))
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }

    /**
     * What the API does not say.
     *
     * @param gatewayService of our gateways
     * @param gatewayIdentities who they are; a pod of that service with another identity is no gateway
     */
    public record Facts(RegionId region, ServiceName gatewayService, Set<SpiffeId> gatewayIdentities) {
        public Facts {
            gatewayIdentities = Set.copyOf(gatewayIdentities);
        }
    }

    /** Any thread. What other clusters get, and how they come in. */
    public static ClusterExports exports(LocalPart part, Facts facts) {
        return new OwnPart(part, facts).exports();
    }

    /**
     * Any thread. What our own clients get; gateways learn what they may be asked for, and by whom.
     *
     * @param unsaid where clients of an exported service go whose author said nothing about it
     */
    public static OwnObjects objects(LocalPart part, List<ExportedAuthority> exported, LoadBalancing unsaid) {
        return new OwnObjects(
                part.workloads(),
                part.services().stream()
                        .map(service -> part.exports().containsKey(service.name())
                                        && service.loadBalancing().equals(LoadBalancing.STANDARD)
                                ? service.balancedBy(unsaid)
                                : service)
                        .toList(),
                part.policies().policies(),
                exported,
                vips(part));
    }

    /** What an import says: all replicas then say the same, and again after a restart. */
    private static Map<ServiceName, List<NetworkAddress>> vips(LocalPart part) {
        Map<ServiceName, List<NetworkAddress>> vips = new HashMap<>();
        part.mcs().imports().forEach((name, it) -> {
            if (it.isOurs() && !it.spec().ips().isEmpty()) {
                vips.put(
                        ClustersetName.of(name.namespace(), name.name()),
                        it.spec().ips().stream()
                                .map(ip -> new NetworkAddress(part.cluster().network(), ip))
                                .toList());
            }
        });
        return vips;
    }

    private ClusterExports exports() {
        LocalCluster cluster = part.cluster();
        ClusterState state = new ClusterState(
                cluster.id(),
                facts.region(),
                cluster.network(),
                Set.of(cluster.trustDomain()),
                gateways(),
                RegionStatus.ACTIVE,
                new Freshness.Live());
        return ClusterExports.of(
                state,
                part.services().stream()
                        .flatMap(service -> Stream.ofNullable(part.exports().get(service.name()))
                                .map(offer -> export(service, offer)))
                        .toList());
    }

    private Export export(Service service, LocalPart.Export offer) {
        return new Export(
                service.name(),
                offer.created(),
                service.ports().stream().map(OwnPart::exported).toList(),
                withoutWaypoint(service),
                capacities(endpointsOf(service.name())),
                offer.mcs(),
                offer.slices(),
                guards.of(service.name(), endpointsOf(service.name())),
                offer.onFailure(),
                offer.writers());
    }

    private Set<SpiffeId> withoutWaypoint(Service service) {
        Set<SpiffeId> identities = new HashSet<>(service.subjectAltNames());
        identities.removeAll(part.waypoints().identities().getOrDefault(service.name(), Set.of()));
        return identities;
    }

    /** By number: two clusters that have the same number mean the same port. */
    private static Export.ExportedPort exported(ServicePort port) {
        return new Export.ExportedPort("port-" + port.port(), Export.Protocol.TCP, port.port(), port.target());
    }

    private List<Workload> endpointsOf(ServiceName service) {
        return endpoints.getOrDefault(service, List.of());
    }

    /** A gateway can deliver to nobody who does not speak HBONE. Localities with nothing ready stay, with 0. */
    private static List<Export.Capacity> capacities(List<Workload> endpoints) {
        Map<Locality, Long> ready = new HashMap<>();
        for (Workload endpoint : endpoints) {
            boolean serves = endpoint.health() == Health.HEALTHY && endpoint.tunnel() == Workload.Tunnel.HBONE;
            ready.merge(endpoint.locality(), serves ? endpoint.capacity() / ShareRules.ENDPOINT : 0, Long::sum);
        }
        return ready.entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getKey().toString()))
                .map(entry -> new Export.Capacity(entry.getKey(), entry.getValue()))
                .toList();
    }

    private List<GatewayAddress> gateways() {
        return endpointsOf(facts.gatewayService()).stream()
                .filter(pod -> facts.gatewayIdentities().contains(pod.identity()))
                .filter(pod -> !pod.addresses().isEmpty())
                .sorted(Comparator.comparing(Workload::uid))
                .flatMap(pod -> gateway(pod).stream())
                .toList();
    }

    private List<GatewayAddress> gateway(Workload pod) {
        OptionalInt port = pod.targetPort(facts.gatewayService(), HBONE_PORT);
        return port.isEmpty() || port.getAsInt() == 0
                ? List.of()
                : List.of(new GatewayAddress(
                        part.cluster().id(),
                        facts.region(),
                        part.cluster().network(),
                        pod.name(),
                        new SocketAddress(pod.addresses().getFirst(), port.getAsInt()),
                        pod.identity(),
                        pod.health(),
                        1));
    }
}
