package io.beringia.discovery.kube;

import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.NetworkAddress;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.kube.KubeObject.GatewayClassObject;
import io.beringia.discovery.kube.KubeObject.GatewayObject;
import io.beringia.discovery.kube.KubeObject.GatewayObject.Admits;
import io.beringia.discovery.kube.KubeObject.NamespaceObject;
import io.beringia.discovery.kube.KubeObject.PodObject;
import io.beringia.trust.identity.SpiffeId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which waypoint stands before what, as Istio's ambient mode binds them (istio
 * {@code pilot/pkg/serviceregistry/ambient/waypoints.go}). Any Gateway with an address can be one, whatever its class.
 * Pure.
 */
final class WaypointRules {
    /** {@code PROXY/<port>}: that port wants the PROXY protocol, which tells it who calls. */
    private static final Pattern PROXY_BINDING = Pattern.compile("PROXY/([1-9]\\d{0,4})");

    private static final String USE_LABEL = "istio.io/use-waypoint";
    private static final String USE_NAMESPACE_LABEL = "istio.io/use-waypoint-namespace";
    private static final String FOR_LABEL = "istio.io/waypoint-for";
    private static final String INSTANCE_LABEL = "gateway.networking.k8s.io/gateway-name";
    private static final String MANAGED_LABEL = "gateway.istio.io/managed";

    /** Services of these are gateways themselves. */
    private static final Set<String> GATEWAYS = Set.of("istio.io-mesh-controller", "istio.io-eastwest-controller");

    /** What a waypoint listens on for proxies, as every HBONE end does. */
    private static final int HBONE_PORT = 15_008;

    private final KubeObjects objects;
    private final LocalCluster cluster;
    private final Map<ObjectName, Set<SpiffeId>> instances = new HashMap<>();
    private final SortedSet<String> missing = new TreeSet<>();

    WaypointRules(KubeObjects objects, LocalCluster cluster) {
        this.objects = objects;
        this.cluster = cluster;
        objects.pods().values().stream()
                .filter(pod -> pod.labels().containsKey(INSTANCE_LABEL))
                .forEach(pod -> instances
                        .computeIfAbsent(gatewayOf(pod), one -> new HashSet<>())
                        .add(SpiffeId.ofWorkload(
                                cluster.trustDomain(), pod.name().namespace(), pod.serviceAccount())));
    }

    private static ObjectName gatewayOf(PodObject pod) {
        return new ObjectName(pod.name().namespace(), pod.labels().getOrDefault(INSTANCE_LABEL, ""));
    }

    /** A waypoint that can be used, and how proxies name it. */
    record Waypoint(GatewayObject gateway, GatewayRef at) {}

    /** Asked about so far, and not usable. */
    SortedSet<String> missing() {
        return missing;
    }

    Optional<Waypoint> ofService(ObjectName name, Map<String, String> labels) {
        return GATEWAYS.contains(labels.getOrDefault(MANAGED_LABEL, ""))
                ? Optional.empty()
                : bound("service " + name, name.namespace(), labels, "service");
    }

    /** Instances of a waypoint have none. One for services, named by the namespace only, is not meant for workloads. */
    Optional<GatewayRef> ofWorkload(String what, String namespace, Map<String, String> labels) {
        if (instanceOf(namespace, labels).isPresent()) {
            return Optional.empty();
        }
        if (!labels.containsKey(USE_LABEL)
                && named(namespace, labelsOf(namespace))
                        .flatMap(this::gateway)
                        .filter(it -> !isFor(it, "workload"))
                        .isPresent()) {
            return Optional.empty();
        }
        return bound(what, namespace, labels, "workload").map(Waypoint::at);
    }

    /** Where a waypoint's pods want their connections. */
    OptionalInt proxyPort(String namespace, Map<String, String> labels) {
        return instanceOf(namespace, labels)
                .map(this::binding)
                .map(WaypointRules::proxyPort)
                .orElse(OptionalInt.empty());
    }

    /** A port written as {@link #PROXY_BINDING}. */
    static OptionalInt proxyPort(String binding) {
        Matcher proxy = PROXY_BINDING.matcher(binding);
        return proxy.matches() ? OptionalInt.of(Integer.parseInt(proxy.group(1))) : OptionalInt.empty();
    }

    /** Of its pods. */
    Set<SpiffeId> identities(Waypoint waypoint) {
        return instances.getOrDefault(waypoint.gateway().name(), Set.of());
    }

    private Optional<GatewayObject> instanceOf(String namespace, Map<String, String> labels) {
        return Optional.ofNullable(labels.get(INSTANCE_LABEL))
                .flatMap(name -> gateway(new ObjectName(namespace, name)));
    }

    private Optional<GatewayObject> gateway(ObjectName name) {
        return Optional.ofNullable(objects.gateways().get(name)).filter(it -> at(it).isPresent());
    }

    private Optional<Waypoint> bound(String what, String namespace, Map<String, String> labels, String use) {
        Map<String, String> saying = labels.containsKey(USE_LABEL) ? labels : labelsOf(namespace);
        Optional<ObjectName> wanted = named(namespace, saying);
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        Optional<GatewayObject> gateway = gateway(wanted.get());
        Optional<String> why =
                gateway.isEmpty() ? Optional.of("it has no address") : refusal(gateway.get(), namespace, use);
        why.ifPresent(it -> missing.add(what + ": waypoint " + wanted.get() + ": " + it));
        return why.isPresent() ? Optional.empty() : gateway.flatMap(it -> at(it).map(at -> new Waypoint(it, at)));
    }

    private Optional<String> refusal(GatewayObject gateway, String namespace, String use) {
        if (!admits(gateway, namespace)) {
            return Optional.of("it does not admit this namespace");
        }
        return isFor(gateway, use) ? Optional.empty() : Optional.of("it is not for a " + use);
    }

    /** {@code none} opts out of what the namespace says. */
    private static Optional<ObjectName> named(String namespace, Map<String, String> labels) {
        return Optional.ofNullable(labels.get(USE_LABEL))
                .filter(name -> !name.equals("none") && !name.isEmpty())
                .map(name -> new ObjectName(labels.getOrDefault(USE_NAMESPACE_LABEL, namespace), name));
    }

    private Map<String, String> labelsOf(String namespace) {
        return Optional.ofNullable(objects.namespaces().get(new ObjectName("", namespace)))
                .map(NamespaceObject::labels)
                .orElse(Map.of());
    }

    private boolean isFor(GatewayObject gateway, String use) {
        String said = Stream.of(
                        gateway.labels(),
                        classOf(gateway).map(GatewayClassObject::labels).orElse(Map.of()))
                .flatMap(labels -> Stream.ofNullable(labels.get(FOR_LABEL)))
                .findFirst()
                .orElse("service");
        return said.equals(use) || said.equals("all");
    }

    private Optional<GatewayClassObject> classOf(GatewayObject gateway) {
        return Optional.ofNullable(objects.gatewayClasses().get(new ObjectName("", gateway.className())));
    }

    private String binding(GatewayObject gateway) {
        return gateway.binding().isEmpty()
                ? classOf(gateway).map(GatewayClassObject::binding).orElse("")
                : gateway.binding();
    }

    /** By the listener that proxies come to; without one, only its own namespace. */
    private boolean admits(GatewayObject gateway, String namespace) {
        int bound = proxyPort(binding(gateway)).orElse(0);
        Admits admits = Stream.concat(
                        gateway.listeners().stream().filter(it -> it.port() == bound),
                        gateway.listeners().stream()
                                .filter(it -> it.protocol().equals("HBONE") && it.port() == HBONE_PORT))
                .findFirst()
                .map(GatewayObject.Listener::admits)
                .orElse(new Admits.Same());
        return switch (admits) {
            case Admits.Same() -> gateway.name().namespace().equals(namespace);
            case Admits.All() -> true;
            case Admits.Nobody() -> false;
            case Admits.Labelled(Map<String, String> wanted) ->
                labelsOf(namespace).entrySet().containsAll(wanted.entrySet());
        };
    }

    /** A hostname is preferred: it stays when addresses are given to somebody else. */
    private Optional<GatewayRef> at(GatewayObject gateway) {
        Stream<GatewayRef> hostnames = gateway.hostnames().stream()
                .map(hostname ->
                        new GatewayRef.ByHostname(new ServiceName(gateway.name().namespace(), hostname), HBONE_PORT));
        Stream<GatewayRef> addresses = gateway.addresses().stream()
                .map(ip -> new GatewayRef.ByAddress(new NetworkAddress(cluster.network(), ip), HBONE_PORT));
        return Stream.concat(hostnames, addresses).findFirst();
    }
}
