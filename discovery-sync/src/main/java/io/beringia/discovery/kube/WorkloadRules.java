package io.beringia.discovery.kube;

import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Locality;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.kube.KubeObject.NodeObject;
import io.beringia.discovery.kube.KubeObject.PodObject;
import io.beringia.discovery.kube.KubeObject.ServiceObject;
import io.beringia.discovery.kube.KubeObject.ServiceObject.Port;
import io.beringia.discovery.kube.KubeObject.ServiceObject.Target;
import io.beringia.discovery.kube.KubeObject.SliceObject;
import io.beringia.discovery.merge.ShareRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Pods, and endpoints that are no pods, as a ztunnel is told of them (Istio {@code workload.proto}, Workload). Pure. */
final class WorkloadRules {
    /** What we wrote ourselves comes from other clusters and must not go round. */
    private static final String OURS = "beringia.io";

    /** As Istio's waypoints say where they want their connections; a pod may say it of itself. */
    static final String BINDING_ANNOTATION = "ambient.istio.io/waypoint-inbound-binding";

    /** The same for all: shares are tuned on what stands for other clusters, so that they have something to stand against. */
    private static final long CAPACITY = ShareRules.ENDPOINT;

    private final KubeObjects objects;
    private final LocalCluster cluster;
    private final Map<ObjectName, ServiceObject> services;
    private final Function<ServiceObject, List<ServiceName>> names;
    private final PolicyRules policies;
    private final WaypointRules waypoints;
    private final EntryRules entries;
    private final Map<String, List<ServiceObject>> selecting = new HashMap<>();
    private final Map<ObjectName, List<SliceObject>> slicesOfPod = new HashMap<>();
    private final PodWorkloads.Next pods;

    /**
     * @param names of a service, under each of which its endpoints serve it
     * @param before what became of each pod the last time
     */
    WorkloadRules(
            KubeObjects objects,
            LocalCluster cluster,
            Map<ObjectName, ServiceObject> services,
            Function<ServiceObject, List<ServiceName>> names,
            PolicyRules policies,
            WaypointRules waypoints,
            EntryRules entries,
            PodWorkloads before) {
        this.objects = objects;
        this.cluster = cluster;
        this.services = services;
        this.names = names;
        this.policies = policies;
        this.waypoints = waypoints;
        this.entries = entries;
        services.values().stream()
                .filter(service -> !service.selector().isEmpty())
                .forEach(service -> selecting
                        .computeIfAbsent(service.name().namespace(), one -> new ArrayList<>())
                        .add(service));
        objects.slices().values().forEach(this::indexPods);
        this.pods = new PodWorkloads.Next(before, PodWorkloads.Surroundings.of(objects, cluster, slicesOfPod));
    }

    /** What became of each pod that was asked about. */
    PodWorkloads pods() {
        return pods.all();
    }

    private void indexPods(SliceObject slice) {
        boolean handWritten = handWrittenService(slice).isPresent();
        slice.endpoints().stream()
                .filter(endpoint -> handWritten)
                .flatMap(endpoint -> endpoint.pod().stream())
                .map(pod -> new ObjectName(slice.name().namespace(), pod))
                .forEach(pod -> slicesOfPod
                        .computeIfAbsent(pod, one -> new ArrayList<>())
                        .add(slice));
    }

    /** Included while it may serve and has an address, Pending or not. */
    Optional<Workload> ofPod(PodObject pod) {
        if (pod.terminal() || pod.addresses().isEmpty()) {
            return Optional.empty();
        }
        Optional<GatewayRef> waypoint =
                waypoints.ofWorkload("pod " + pod.name(), pod.name().namespace(), pod.labels());
        return Optional.of(pods.of(pod, one -> made(one, waypoint)));
    }

    private Workload made(PodObject pod, Optional<GatewayRef> waypoint) {
        String uid = cluster.id() + "//Pod/" + pod.name();
        Workload.Builder workload =
                Workload.named(uid, pod.name().namespace(), pod.name().name(), cluster.id(), cluster.network());
        proxyPort(pod).ifPresent(workload::proxyProtocolPort);
        waypoint.ifPresent(workload::waypoint);
        return workload.addresses(pod.addresses())
                .tunnel(tunnel(pod.labels(), pod.annotations()))
                .identity(cluster.trustDomain(), pod.serviceAccount())
                .hostNetwork(pod.hostNetwork())
                .capacity(CAPACITY)
                .health(pod.ready() ? Health.HEALTHY : Health.UNHEALTHY)
                .locality(localityOf(pod.node()))
                .description(description(pod.node(), pod.owner(), pod.labels()))
                .services(servicesOf(pod))
                .policies(policies.named(pod.name().namespace(), pod.labels()))
                .build();
    }

    /** @param owner what made it, or itself */
    static Workload.Description description(String node, String owner, Map<String, String> labels) {
        return new Workload.Description(
                node,
                owner,
                "pod",
                first(labels, owner, "service.istio.io/canonical-name", "app.kubernetes.io/name", "app"),
                first(labels, "latest", "service.istio.io/canonical-revision", "app.kubernetes.io/version", "version"));
    }

    static Workload.Tunnel tunnel(Map<String, String> labels, Map<String, String> annotations) {
        boolean captured =
                annotations.getOrDefault("ambient.istio.io/redirection", "").equals("enabled");
        boolean itself = labels.getOrDefault("networking.istio.io/tunnel", "").contains("http");
        return captured || itself ? Workload.Tunnel.HBONE : Workload.Tunnel.NONE;
    }

    private OptionalInt proxyPort(PodObject pod) {
        OptionalInt own = WaypointRules.proxyPort(pod.annotations().getOrDefault(BINDING_ANNOTATION, ""));
        return own.isPresent() ? own : waypoints.proxyPort(pod.name().namespace(), pod.labels());
    }

    private static String first(Map<String, String> labels, String otherwise, String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.ofNullable(labels.get(name)))
                .findFirst()
                .orElse(otherwise);
    }

    private Locality localityOf(String node) {
        return Optional.ofNullable(objects.nodes().get(new ObjectName("", node)))
                .map(NodeObject::locality)
                .orElse(Locality.UNKNOWN);
    }

    /** Those whose selector matches, and those without selector of which a slice names this pod. */
    private Map<ServiceName, List<ServicePort>> servicesOf(PodObject pod) {
        Map<ServiceName, List<ServicePort>> all = new HashMap<>(entries.servicesOf(pod));
        selecting.getOrDefault(pod.name().namespace(), List.of()).stream()
                .filter(service ->
                        pod.labels().entrySet().containsAll(service.selector().entrySet()))
                .forEach(service -> put(all, service, portsAt(pod, service)));
        for (SliceObject slice : slicesOfPod.getOrDefault(pod.name(), List.of())) {
            handWrittenService(slice).ifPresent(service -> put(all, service, portsOf(slice, service)));
        }
        return all;
    }

    private void put(Map<ServiceName, List<ServicePort>> all, ServiceObject service, List<ServicePort> ports) {
        names.apply(service).forEach(name -> all.put(name, ports));
    }

    /** A port name that the pod lacks is left out. */
    private static List<ServicePort> portsAt(PodObject pod, ServiceObject service) {
        return service.ports().stream()
                .flatMap(port -> targetAt(pod, port).stream().mapToObj(target -> new ServicePort(port.port(), target)))
                .toList();
    }

    private static OptionalInt targetAt(PodObject pod, Port port) {
        return switch (port.target()) {
            case Target.Numbered(int number) -> OptionalInt.of(number);
            case Target.Named(String name) ->
                Stream.ofNullable(pod.ports().get(name))
                        .mapToInt(number -> number)
                        .findFirst();
        };
    }

    /** Ports of a slice have the names of the service's ports, and the numbers of the endpoints. */
    private static List<ServicePort> portsOf(SliceObject slice, ServiceObject service) {
        return service.ports().stream()
                .flatMap(port -> Stream.ofNullable(slice.ports().get(port.name()))
                        .map(number -> new ServicePort(port.port(), number)))
                .toList();
    }

    private Optional<ServiceObject> handWrittenService(SliceObject slice) {
        return serviceOf(slice).filter(service -> service.selector().isEmpty());
    }

    private Optional<ServiceObject> serviceOf(SliceObject slice) {
        return slice.service().isEmpty() || isOurs(slice)
                ? Optional.empty()
                : Optional.ofNullable(services.get(new ObjectName(slice.name().namespace(), slice.service())));
    }

    static boolean isOurs(SliceObject slice) {
        return slice.managedBy().endsWith(OURS);
    }

    /** Its endpoints that are no pods; a pod stands for itself. */
    List<Workload> ofSlice(SliceObject slice) {
        return serviceOf(slice).stream()
                .flatMap(service -> slice.endpoints().stream()
                        .filter(endpoint -> endpoint.pod().isEmpty())
                        .flatMap(endpoint ->
                                endpoint.addresses().stream().map(ip -> ofEndpoint(slice, service, endpoint, ip))))
                .toList();
    }

    private Workload ofEndpoint(
            SliceObject slice, ServiceObject service, SliceObject.Endpoint endpoint, IpAddress address) {
        String namespace = slice.name().namespace();
        String uid = cluster.id() + "/discovery.k8s.io/EndpointSlice/" + slice.name() + "/" + address;
        Locality node = localityOf(endpoint.node());
        String name = slice.name().name();
        return Workload.named(uid, namespace, name, cluster.id(), cluster.network())
                .addresses(List.of(address))
                .tunnel(Workload.Tunnel.NONE)
                .identity(cluster.trustDomain(), "")
                .hostNetwork(true)
                .capacity(CAPACITY)
                .health(endpoint.ready() ? Health.HEALTHY : Health.UNHEALTHY)
                .locality(
                        endpoint.zone().isEmpty() ? node : new Locality(node.region(), endpoint.zone(), node.subzone()))
                .description(new Workload.Description(endpoint.node(), name, "pod", name, "latest"))
                .services(names.apply(service).stream()
                        .collect(Collectors.toMap(Function.identity(), one -> portsOf(slice, service))))
                .build();
    }
}
