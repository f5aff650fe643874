package io.beringia.discovery.kube;

import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Locality;
import io.beringia.discovery.kube.KubeObject.NamespaceObject;
import io.beringia.discovery.kube.KubeObject.NodeObject;
import io.beringia.discovery.kube.KubeObject.PodObject;
import io.beringia.discovery.kube.KubeObject.ServiceObject;
import io.beringia.discovery.kube.KubeObject.SliceObject;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** From fabric8's models to what is kept. Pure. Whatever an object does not say, or says unreadably, is absent. */
final class CompactForm {
    private static final String REVISION_HASH = "pod-template-hash";

    /** Minutes since 1970, with which a CronJob names its Jobs. */
    private static final Pattern SCHEDULED = Pattern.compile("-\\d{8,}$");

    /** The annotations that the translation reads; the others may be megabytes. */
    private static final Set<String> ANNOTATIONS = Set.of(
            "ambient.istio.io/redirection",
            "beringia.io/export-to",
            "beringia.io/on-failure",
            KubeTranslation.STATEFUL_ANNOTATION,
            ServiceRules.DISTRIBUTION_ANNOTATION,
            WorkloadRules.BINDING_ANNOTATION);

    private CompactForm() {}

    static NamespaceObject of(Namespace namespace) {
        return new NamespaceObject(
                new ObjectName("", namespace.getMetadata().getName()), labels(namespace), annotations(namespace));
    }

    static NodeObject of(Node node) {
        Map<String, String> labels = labels(node);
        Locality locality = new Locality(
                labels.getOrDefault("topology.kubernetes.io/region", ""),
                labels.getOrDefault("topology.kubernetes.io/zone", ""),
                labels.getOrDefault("topology.istio.io/subzone", ""));
        return new NodeObject(new ObjectName("", node.getMetadata().getName()), locality);
    }

    static PodObject of(Pod pod) {
        Optional<PodStatus> status = Optional.ofNullable(pod.getStatus());
        String phase = status.map(PodStatus::getPhase).orElse("");
        return new PodObject(
                name(pod),
                labels(pod),
                annotations(pod),
                text(pod.getSpec() == null ? null : pod.getSpec().getServiceAccountName(), "default"),
                text(pod.getSpec() == null ? null : pod.getSpec().getNodeName(), ""),
                pod.getSpec() != null && Boolean.TRUE.equals(pod.getSpec().getHostNetwork()),
                status.map(CompactForm::podIps).orElse(List.of()),
                pod.getMetadata().getDeletionTimestamp() == null
                        && status.filter(CompactForm::isReady).isPresent(),
                phase.equals("Failed") || phase.equals("Succeeded"),
                containerPorts(pod),
                owner(pod));
    }

    static ServiceObject of(Service service) {
        ServiceSpec spec = service.getSpec() == null ? new ServiceSpec() : service.getSpec();
        return new ServiceObject(
                name(service),
                labels(service),
                annotations(service),
                "ExternalName".equals(spec.getType()) ? ServiceObject.Type.EXTERNAL_NAME : ServiceObject.Type.CLUSTER,
                map(spec.getSelector()),
                addresses(
                        listed(spec.getClusterIPs()).isEmpty()
                                ? List.of(text(spec.getClusterIP(), ""))
                                : spec.getClusterIPs()),
                listed(spec.getPorts()).stream()
                        .filter(port -> isTcp(port.getProtocol()))
                        .map(CompactForm::port)
                        .toList(),
                "Local".equals(spec.getInternalTrafficPolicy()),
                text(spec.getTrafficDistribution(), ""),
                Boolean.TRUE.equals(spec.getPublishNotReadyAddresses()),
                created(service),
                McsForm.shape(spec));
    }

    /** Of an FQDN slice no endpoint is kept. */
    static SliceObject of(EndpointSlice slice) {
        boolean byAddress = !"FQDN".equals(slice.getAddressType());
        return new SliceObject(
                name(slice),
                labels(slice).getOrDefault("kubernetes.io/service-name", ""),
                labels(slice).getOrDefault("endpointslice.kubernetes.io/managed-by", ""),
                listed(slice.getEndpoints()).stream()
                        .filter(endpoint -> byAddress)
                        .map(CompactForm::endpoint)
                        .toList(),
                slicePorts(slice),
                McsForm.content(slice),
                McsForm.imported(slice));
    }

    private static SliceObject.Endpoint endpoint(Endpoint endpoint) {
        Optional<Boolean> ready = Optional.ofNullable(endpoint.getConditions()).map(EndpointConditions::getReady);
        return new SliceObject.Endpoint(
                addresses(listed(endpoint.getAddresses())),
                ready.orElse(true),
                text(endpoint.getNodeName(), ""),
                text(endpoint.getZone(), ""),
                Optional.ofNullable(endpoint.getTargetRef())
                        .filter(target -> "Pod".equals(target.getKind()))
                        .map(target -> target.getName()));
    }

    private static Map<String, Integer> slicePorts(EndpointSlice slice) {
        Map<String, Integer> ports = new HashMap<>();
        for (EndpointPort port : listed(slice.getPorts())) {
            if (isTcp(port.getProtocol()) && port.getPort() != null) {
                ports.put(text(port.getName(), ""), port.getPort());
            }
        }
        return ports;
    }

    private static ServiceObject.Port port(ServicePort port) {
        return new ServiceObject.Port(text(port.getName(), ""), port.getPort(), target(port));
    }

    /** Without a target, and with the target 0, it is the port itself. */
    private static ServiceObject.Target target(ServicePort port) {
        if (port.getTargetPort() == null) {
            return new ServiceObject.Target.Numbered(port.getPort());
        }
        Integer number = port.getTargetPort().getIntVal();
        String name = text(port.getTargetPort().getStrVal(), "");
        if (number == null && !name.isEmpty()) {
            return new ServiceObject.Target.Named(name);
        }
        return new ServiceObject.Target.Numbered(number == null || number == 0 ? port.getPort() : number);
    }

    private static Map<String, Integer> containerPorts(Pod pod) {
        Map<String, Integer> ports = new HashMap<>();
        if (pod.getSpec() != null) {
            listed(pod.getSpec().getContainers()).stream()
                    .flatMap(container -> listed(container.getPorts()).stream())
                    .filter(port -> port.getName() != null && isTcp(port.getProtocol()))
                    .forEach((ContainerPort port) -> ports.putIfAbsent(port.getName(), port.getContainerPort()));
        }
        return ports;
    }

    private static List<IpAddress> podIps(PodStatus status) {
        List<String> all = listed(status.getPodIPs()).stream().map(PodIP::getIp).toList();
        return addresses(all.isEmpty() ? List.of(text(status.getPodIP(), "")) : all);
    }

    private static boolean isReady(PodStatus status) {
        return listed(status.getConditions()).stream()
                .anyMatch(condition -> "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()));
    }

    private static String owner(Pod pod) {
        Optional<OwnerReference> controller = listed(pod.getMetadata().getOwnerReferences()).stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .findFirst();
        String hash = "-" + labels(pod).getOrDefault(REVISION_HASH, "");
        return controller
                .map(owner -> switch (owner.getKind()) {
                    case "ReplicaSet" ->
                        owner.getName().endsWith(hash) && hash.length() > 1
                                ? owner.getName().substring(0, owner.getName().length() - hash.length())
                                : owner.getName();
                    case "Job" -> SCHEDULED.matcher(owner.getName()).replaceFirst("");
                    default -> owner.getName();
                })
                .orElse(pod.getMetadata().getName());
    }

    static List<IpAddress> addresses(Collection<String> texts) {
        return texts.stream().flatMap(CompactForm::address).toList();
    }

    /** Neither {@code None} nor an empty text is an address. */
    private static Stream<IpAddress> address(String text) {
        try {
            return Stream.of(IpAddress.parse(text));
        } catch (IllegalArgumentException noAddress) {
            return Stream.empty();
        }
    }

    static Instant created(HasMetadata object) {
        try {
            return Instant.parse(text(object.getMetadata().getCreationTimestamp(), ""));
        } catch (DateTimeParseException unknown) {
            return Instant.MAX;
        }
    }

    private static boolean isTcp(@Nullable String protocol) {
        return protocol == null || protocol.isEmpty() || protocol.equals("TCP");
    }

    static ObjectName name(HasMetadata object) {
        return new ObjectName(
                text(object.getMetadata().getNamespace(), ""),
                object.getMetadata().getName());
    }

    static Map<String, String> labels(HasMetadata object) {
        return map(object.getMetadata().getLabels());
    }

    static Map<String, String> annotations(HasMetadata object) {
        Map<String, String> kept = new HashMap<>(map(object.getMetadata().getAnnotations()));
        kept.keySet().retainAll(ANNOTATIONS);
        return kept;
    }

    static Map<String, String> map(@Nullable Map<String, String> map) {
        return map == null ? Map.of() : map;
    }

    static <T> List<T> listed(@Nullable List<T> list) {
        return list == null ? List.of() : list.stream().filter(Objects::nonNull).toList();
    }

    static String text(@Nullable String text, String otherwise) {
        return text == null || text.isEmpty() ? otherwise : text;
    }
}
