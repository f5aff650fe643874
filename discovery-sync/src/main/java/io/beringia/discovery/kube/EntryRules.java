package io.beringia.discovery.kube;

import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.NetworkAddress;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.kube.KubeObject.PodObject;
import io.beringia.discovery.kube.KubeObject.ServiceEntryObject;
import io.beringia.discovery.kube.KubeObject.ServiceEntryObject.Endpoint;
import io.beringia.discovery.kube.KubeObject.ServiceEntryObject.Resolution;
import io.beringia.discovery.kube.KubeObject.ServiceObject;
import io.beringia.discovery.kube.KubeObject.ServiceObject.Target;
import io.beringia.discovery.kube.KubeObject.WorkloadEntryObject;
import io.beringia.discovery.merge.ShareRules;
import io.beringia.trust.identity.SpiffeId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Istio's ServiceEntries and WorkloadEntries as Istio's ambient mode translates them (istio
 * {@code pilot/pkg/serviceregistry/ambient}, {@code services.go} and {@code workloads.go}). Pure.
 */
final class EntryRules {
    private final KubeObjects objects;
    private final LocalCluster cluster;
    private final Map<ObjectName, ServiceObject> services;
    private final PolicyRules policies;
    private final WaypointRules waypoints;

    /** Who has each name: a Service of Kubernetes before any entry, and of these the oldest. */
    private final Map<ServiceName, ServiceEntryObject> owners = new TreeMap<>();

    EntryRules(
            KubeObjects objects,
            LocalCluster cluster,
            Map<ObjectName, ServiceObject> services,
            PolicyRules policies,
            WaypointRules waypoints) {
        this.objects = objects;
        this.cluster = cluster;
        this.services = services;
        this.policies = policies;
        this.waypoints = waypoints;
        Set<ServiceName> taken = services.keySet().stream()
                .map(name -> ServiceRules.name(name, cluster))
                .collect(Collectors.toSet());
        objects.serviceEntries().values().stream()
                .sorted(Comparator.comparing(ServiceEntryObject::created).thenComparing(ServiceEntryObject::name))
                .forEach(entry -> entry.hosts().stream()
                        .map(host -> name(entry, host))
                        .filter(name -> !taken.contains(name))
                        .forEach(name -> owners.putIfAbsent(name, entry)));
    }

    private static ServiceName name(ServiceEntryObject entry, String host) {
        return new ServiceName(entry.name().namespace(), host);
    }

    private List<ServiceName> namesOf(ServiceEntryObject entry) {
        return entry.hosts().stream()
                .map(host -> name(entry, host))
                .filter(name -> entry.equals(owners.get(name)))
                .toList();
    }

    /** @param identities of the endpoints of each */
    List<Service> services(Map<ServiceName, SortedSet<SpiffeId>> identities) {
        return owners.entrySet().stream()
                .map(owned -> service(owned.getKey(), owned.getValue(), identities))
                .toList();
    }

    private Service service(
            ServiceName name, ServiceEntryObject entry, Map<ServiceName, SortedSet<SpiffeId>> identities) {
        Optional<WaypointRules.Waypoint> waypoint = waypoints.ofService(entry.name(), entry.labels());
        SortedSet<SpiffeId> answering = new TreeSet<>(identities.getOrDefault(name, new TreeSet<>()));
        entry.subjectAltNames().stream()
                .flatMap(text -> SpiffeId.tryParse(text).stream())
                .forEach(id -> answering.add(id));
        waypoint.map(waypoints::identities).ifPresent(ids -> answering.addAll(ids));
        return new Service(
                name,
                addresses(name, entry),
                entry.ports().stream()
                        .map(port -> new ServicePort(port.number(), port.target()))
                        .toList(),
                List.copyOf(answering),
                waypoint.map(WaypointRules.Waypoint::at),
                loadBalancing(entry),
                false,
                entry.isPrivate());
    }

    /** Its own, or what Istio gave to the host: not to a wildcard, and not where the client's address is kept. */
    private List<NetworkAddress> addresses(ServiceName name, ServiceEntryObject entry) {
        boolean mayBeGiven =
                entry.resolution() != Resolution.NONE && !name.hostname().startsWith("*");
        List<IpAddress> given = mayBeGiven
                ? CompactForm.addresses(entry.allocated().getOrDefault(name.hostname(), List.of()))
                : List.of();
        return (entry.addresses().isEmpty() ? given : entry.addresses())
                .stream().map(ip -> new NetworkAddress(cluster.network(), ip)).toList();
    }

    private LoadBalancing loadBalancing(ServiceEntryObject entry) {
        if (entry.resolution() == Resolution.NONE) {
            return new LoadBalancing(List.of(), LoadBalancing.Mode.PASSTHROUGH, LoadBalancing.HealthPolicy.ALLOW_ALL);
        }
        String ofNamespace = Optional.ofNullable(
                        objects.namespaces().get(new ObjectName("", entry.name().namespace())))
                .map(namespace -> namespace.annotations().getOrDefault(ServiceRules.DISTRIBUTION_ANNOTATION, ""))
                .orElse("");
        return ServiceRules.distributed(
                entry.annotations().getOrDefault(ServiceRules.DISTRIBUTION_ANNOTATION, ofNamespace),
                LoadBalancing.HealthPolicy.ONLY_HEALTHY);
    }

    List<Workload> workloads() {
        return Stream.concat(
                        objects.workloadEntries().values().stream().flatMap(this::ofWorkloadEntry),
                        objects.serviceEntries().values().stream().flatMap(this::ofServiceEntry))
                .toList();
    }

    private Stream<Workload> ofWorkloadEntry(WorkloadEntryObject entry) {
        String uid = cluster.id() + "/networking.istio.io/WorkloadEntry/" + entry.name();
        return workload(uid, entry.name(), entry.labels(), entry.annotations(), entry.endpoint()).stream()
                .map(made ->
                        made.health(entry.health()).services(servicesOf(entry)).build());
    }

    /** Endpoints that it lists; without any, and without a selector, a host that is resolved is its own. */
    private Stream<Workload> ofServiceEntry(ServiceEntryObject entry) {
        List<ServiceName> names = namesOf(entry);
        if (names.isEmpty()) {
            return Stream.empty();
        }
        boolean isResolved =
                entry.endpoints().isEmpty() && entry.selector().isEmpty() && entry.resolution() == Resolution.DNS;
        return isResolved
                ? names.stream().flatMap(name -> ofEndpoint(entry, Endpoint.at(name.hostname()), List.of(name)))
                : entry.endpoints().stream().flatMap(endpoint -> ofEndpoint(entry, endpoint, names));
    }

    private Stream<Workload> ofEndpoint(ServiceEntryObject entry, Endpoint endpoint, List<ServiceName> names) {
        String uid = cluster.id() + "/networking.istio.io/ServiceEntry/" + entry.name() + "/" + endpoint.address();
        return workload(uid, entry.name(), entry.labels(), entry.annotations(), endpoint).stream()
                .map(made -> made.services(names.stream()
                                .collect(Collectors.toMap(name -> name, name -> ports(entry, endpoint.ports()))))
                        .build());
    }

    /** Nothing for one that is at no address, or at a path of its machine. */
    private Optional<Workload.Builder> workload(
            String uid,
            ObjectName name,
            Map<String, String> labels,
            Map<String, String> annotations,
            Endpoint endpoint) {
        List<IpAddress> addresses = CompactForm.addresses(List.of(endpoint.address()));
        if (endpoint.address().isEmpty()
                || endpoint.address().contains("/")
                || endpoint.address().startsWith("*")) {
            return Optional.empty();
        }
        Workload.Builder made = Workload.named(
                        uid,
                        name.namespace(),
                        name.name(),
                        cluster.id(),
                        endpoint.network().isEmpty() ? cluster.network() : new Network(endpoint.network()))
                .addresses(addresses)
                .tunnel(WorkloadRules.tunnel(labels, annotations))
                .identity(cluster.trustDomain(), endpoint.account())
                .capacity(ShareRules.ENDPOINT * endpoint.weight())
                .health(Health.HEALTHY)
                .locality(endpoint.locality())
                .description(WorkloadRules.description("", name.name(), labels))
                .policies(policies.named(name.namespace(), labels));
        if (addresses.isEmpty()) {
            made.hostname(endpoint.address());
        }
        Map<String, String> ofWaypoint = endpoint.labels().isEmpty() ? labels : endpoint.labels();
        waypoints
                .ofWorkload("entry " + name, name.namespace(), ofWaypoint)
                .ifPresent((GatewayRef it) -> made.waypoint(it));
        return Optional.of(made);
    }

    private Map<ServiceName, List<ServicePort>> servicesOf(WorkloadEntryObject entry) {
        Map<ServiceName, List<ServicePort>> all =
                selected(entry.name(), entry.labels(), entry.endpoint().ports());
        services.values().stream()
                .filter(service ->
                        service.name().namespace().equals(entry.name().namespace())
                                && selects(service.selector(), entry.labels()))
                .forEach(service -> all.put(
                        ServiceRules.name(service.name(), cluster),
                        ports(service, entry.endpoint().ports())));
        return all;
    }

    /** Services of entries that select a pod: a port ends where the pod has one of its name. */
    Map<ServiceName, List<ServicePort>> servicesOf(PodObject pod) {
        return selected(pod.name(), pod.labels(), pod.ports());
    }

    private Map<ServiceName, List<ServicePort>> selected(
            ObjectName name, Map<String, String> labels, Map<String, Integer> named) {
        Map<ServiceName, List<ServicePort>> all = new HashMap<>();
        objects.serviceEntries().values().stream()
                .filter(entry -> entry.name().namespace().equals(name.namespace())
                        && entry.endpoints().isEmpty()
                        && selects(entry.selector(), labels))
                .forEach(entry -> namesOf(entry).forEach(host -> all.put(host, ports(entry, named))));
        return all;
    }

    private static boolean selects(Map<String, String> selector, Map<String, String> labels) {
        return !selector.isEmpty() && labels.entrySet().containsAll(selector.entrySet());
    }

    private static List<ServicePort> ports(ServiceEntryObject entry, Map<String, Integer> named) {
        return entry.ports().stream()
                .map(port -> new ServicePort(port.number(), named.getOrDefault(port.name(), port.target())))
                .toList();
    }

    /** A target that is a name which it lacks is left out. */
    private static List<ServicePort> ports(ServiceObject service, Map<String, Integer> named) {
        return service.ports().stream()
                .flatMap(port -> target(port, named).stream().mapToObj(target -> new ServicePort(port.port(), target)))
                .toList();
    }

    private static OptionalInt target(ServiceObject.Port port, Map<String, Integer> named) {
        return switch (port.target()) {
            case Target.Numbered(int number) -> OptionalInt.of(named.getOrDefault(port.name(), number));
            case Target.Named(String name) ->
                Stream.ofNullable(named.get(name)).mapToInt(number -> number).findFirst();
        };
    }
}
