package io.beringia.discovery.kube;

import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.kube.KubeObject.ServiceObject;
import io.beringia.trust.identity.SpiffeId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Kubernetes objects as a mesh sees them, as Istio's ambient mode translates them
 * (istio {@code pilot/pkg/serviceregistry/ambient}). Pure: the same objects always give the same part.
 */
public final class KubeTranslation {
    private static final String GLOBAL_LABEL = "istio.io/global";
    private static final String EXPORT_TO_ANNOTATION = "beringia.io/export-to";

    /** What gateways of other clusters probe: paths are judged by it, so it is offered to everybody, label or not. */
    private static final ObjectName PROBE = new ObjectName("beringia-system", "beringia-probe");

    private final KubeObjects objects;
    private final LocalCluster cluster;
    private final Map<ObjectName, ServiceObject> services = new TreeMap<>();

    private KubeTranslation(KubeObjects objects, LocalCluster cluster) {
        this.objects = objects;
        this.cluster = cluster;
        objects.services().values().stream()
                .filter(service -> service.type() != ServiceObject.Type.EXTERNAL_NAME)
                .forEach(service -> services.put(service.name(), service));
    }

    /** Any thread. */
    public static LocalPart translate(KubeObjects objects, LocalCluster cluster) {
        return new KubeTranslation(objects, cluster).part();
    }

    private LocalPart part() {
        WorkloadRules rules = new WorkloadRules(objects, cluster, services);
        List<Workload> workloads = Stream.concat(
                        objects.pods().values().stream().flatMap(pod -> rules.ofPod(pod).stream()),
                        objects.slices().values().stream().flatMap(slice -> rules.ofSlice(slice).stream()))
                .toList();
        Map<ServiceName, SortedSet<SpiffeId>> identities = identities(workloads);
        return new LocalPart(
                cluster,
                services.values().stream()
                        .map(service -> service(service, identities))
                        .toList(),
                workloads,
                exports(),
                namespaces());
    }

    private Service service(ServiceObject service, Map<ServiceName, SortedSet<SpiffeId>> identities) {
        ServiceName name = ServiceRules.name(service.name(), cluster);
        return ServiceRules.translate(
                service,
                cluster,
                List.copyOf(identities.getOrDefault(name, new TreeSet<>())),
                annotationOfNamespace(service.name().namespace(), ServiceRules.DISTRIBUTION_ANNOTATION));
    }

    private String annotationOfNamespace(String namespace, String annotation) {
        return Optional.ofNullable(objects.namespaces().get(new ObjectName("", namespace)))
                .map(one -> one.annotations().getOrDefault(annotation, ""))
                .orElse("");
    }

    /** Whatever has no service account has no identity and answers for nobody. */
    private static Map<ServiceName, SortedSet<SpiffeId>> identities(List<Workload> workloads) {
        Map<ServiceName, SortedSet<SpiffeId>> identities = new HashMap<>();
        for (Workload workload : workloads) {
            if (!workload.serviceAccount().isEmpty()) {
                SpiffeId identity = workload.identity();
                workload.services()
                        .keySet()
                        .forEach(service -> identities
                                .computeIfAbsent(service, one -> new TreeSet<>())
                                .add(identity));
            }
        }
        return identities;
    }

    private Map<ServiceName, LocalPart.Export> exports() {
        Map<ServiceName, LocalPart.Export> exports = new HashMap<>();
        for (ServiceObject service : services.values()) {
            if (isOffered(service)) {
                ExportScope scope = ExportScope.parse(service.annotations().getOrDefault(EXPORT_TO_ANNOTATION, "*"));
                exports.put(ServiceRules.name(service.name(), cluster), new LocalPart.Export(scope, service.created()));
            }
        }
        return exports;
    }

    private static boolean isOffered(ServiceObject service) {
        return service.name().equals(PROBE)
                || service.labels().getOrDefault(GLOBAL_LABEL, "").equals("true");
    }

    private Set<String> namespaces() {
        SortedSet<String> names = new TreeSet<>();
        objects.namespaces().keySet().forEach(one -> names.add(one.name()));
        return names;
    }
}
