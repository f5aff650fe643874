package io.beringia.discovery.kube;

import io.beringia.discovery.catalog.RelayTarget.OnFailure;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.catalog.Writers;
import io.beringia.discovery.kube.KubeObject.NamespaceObject;
import io.beringia.discovery.kube.KubeObject.ServiceExportObject;
import io.beringia.discovery.kube.KubeObject.ServiceObject;
import io.beringia.discovery.kube.KubeObject.SliceObject;
import io.beringia.discovery.merge.ClustersetName;
import io.beringia.discovery.merge.ExportedSlice;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Kubernetes objects as a mesh sees them, as Istio's ambient mode translates them
 * (istio {@code pilot/pkg/serviceregistry/ambient}). Pure: the same objects always give the same part.
 */
public final class KubeTranslation {
    private static final String GLOBAL_LABEL = "istio.io/global";
    private static final String EXPORT_TO_ANNOTATION = "beringia.io/export-to";
    static final String STATEFUL_ANNOTATION = "beringia.io/stateful";
    private static final String ON_FAILURE_ANNOTATION = "beringia.io/on-failure";
    private static final String NETWORK_LABEL = "topology.istio.io/network";

    private static final String SINGLE_WRITER = "single-writer";
    private static final Set<String> ON_FAILURE = Set.of("hold", "reset");

    /** What gateways of other clusters probe: paths are judged by it, so it is offered to everybody, label or not. */
    private static final ObjectName PROBE = new ObjectName("beringia-system", "beringia-probe");

    private final KubeObjects objects;
    private final LocalCluster cluster;
    private final Map<ObjectName, ServiceObject> services = new TreeMap<>();
    private final Map<ObjectName, List<ExportedSlice>> slices;
    private final WaypointRules waypoints;
    private final PodWorkloads before;

    private KubeTranslation(KubeObjects objects, LocalCluster cluster, PodWorkloads before) {
        this.objects = objects;
        this.cluster = cluster;
        this.before = before;
        this.waypoints = new WaypointRules(objects, cluster);
        objects.services().values().stream()
                .filter(service -> service.type() != ServiceObject.Type.EXTERNAL_NAME)
                .forEach(service -> services.put(service.name(), service));
        this.slices = objects.slices().values().stream()
                .filter(slice ->
                        !WorkloadRules.isOurs(slice) && !slice.service().isEmpty())
                .collect(Collectors.groupingBy(
                        slice -> new ObjectName(slice.name().namespace(), slice.service()),
                        Collectors.mapping(SliceObject::content, Collectors.toList())));
    }

    /** Any thread. */
    public static LocalPart translate(KubeObjects objects, LocalCluster cluster) {
        return translate(objects, cluster, PodWorkloads.NONE).part();
    }

    /** The same after another time: pods that are as they were then, in surroundings as they were, cost next to nothing. */
    static Translated translate(KubeObjects objects, LocalCluster cluster, PodWorkloads before) {
        return new KubeTranslation(objects, cluster, before).translated();
    }

    /** @param pods for the next time */
    record Translated(LocalPart part, PodWorkloads pods) {}

    private Translated translated() {
        PolicyRules policies = new PolicyRules(objects, cluster);
        EntryRules entries = new EntryRules(objects, cluster, services, policies, waypoints);
        WorkloadRules rules =
                new WorkloadRules(objects, cluster, services, this::names, policies, waypoints, entries, before);
        List<Workload> workloads = Stream.of(
                        objects.pods().values().stream().flatMap(pod -> rules.ofPod(pod).stream()),
                        objects.slices().values().stream().flatMap(slice -> rules.ofSlice(slice).stream()),
                        entries.workloads().stream())
                .flatMap(some -> some)
                .toList();
        Map<ServiceName, SortedSet<SpiffeId>> identities = identities(workloads);
        Map<ServiceName, Set<SpiffeId>> behind = new HashMap<>();
        List<Service> all = Stream.concat(
                        services.values().stream().flatMap(service -> services(service, identities, behind).stream()),
                        entries.services(identities).stream())
                .toList();
        LocalPart part = new LocalPart(
                cluster,
                all,
                workloads,
                exports(),
                namespaces(),
                policies.policies(),
                new LocalWaypoints(behind, waypoints.missing()),
                mcs(),
                new ExportObjects(new TreeMap<>(objects.exportPolicies()), new TreeMap<>(objects.peerClusters())),
                remarks());
        return new Translated(part, rules.pods());
    }

    /** What stands there and is not obeyed, since we do not know the word or something else decides. */
    private SortedSet<String> remarks() {
        SortedSet<String> remarks = new TreeSet<>();
        for (ServiceObject service : services.values()) {
            String wanted = service.annotations().getOrDefault(ON_FAILURE_ANNOTATION, "reset");
            if (!ON_FAILURE.contains(wanted)) {
                remarks.add("service " + service.name() + ": " + ON_FAILURE_ANNOTATION + " \"" + wanted
                        + "\", streams are reset (expected: hold or reset)");
            }
            String stateful = service.annotations().getOrDefault(STATEFUL_ANNOTATION, SINGLE_WRITER);
            if (!stateful.equals(SINGLE_WRITER)) {
                remarks.add("service " + service.name() + ": " + STATEFUL_ANNOTATION + " \"" + stateful
                        + "\", one region alone serves it (expected: " + SINGLE_WRITER + ")");
            }
        }
        labelledNetwork()
                .filter(network -> !network.equals(cluster.network().name()))
                .ifPresent(network -> remarks.add("namespace " + cluster.rootNamespace() + ": " + NETWORK_LABEL + " \""
                        + network + "\" (expected: " + cluster.network() + ", the network of the configuration)"));
        return remarks;
    }

    /** Istio's own words for the network; configuration alone decides here, so that no object is ever in two. */
    private Optional<String> labelledNetwork() {
        return Optional.ofNullable(objects.namespaces().get(new ObjectName("", cluster.rootNamespace())))
                .flatMap(root -> Optional.ofNullable(root.labels().get(NETWORK_LABEL)));
    }

    /** That of its cluster; and, with a ServiceExport, that of the clusterset, so that whoever asks for it is answered. */
    private List<ServiceName> names(ServiceObject service) {
        ServiceName local = ServiceRules.name(service.name(), cluster);
        return objects.exports().containsKey(service.name())
                ? List.of(local, clusterset(service.name()))
                : List.of(local);
    }

    private static ServiceName clusterset(ObjectName name) {
        return ClustersetName.of(name.namespace(), name.name());
    }

    /** Under each of its names; its waypoint answers for it, too. */
    private List<Service> services(
            ServiceObject service,
            Map<ServiceName, SortedSet<SpiffeId>> identities,
            Map<ServiceName, Set<SpiffeId>> behind) {
        Optional<WaypointRules.Waypoint> waypoint = waypoints.ofService(service.name(), service.labels());
        Set<SpiffeId> before = waypoint.map(waypoints::identities).orElse(Set.of());
        List<Service> made = new ArrayList<>();
        for (ServiceName name : names(service)) {
            SortedSet<SpiffeId> answering = new TreeSet<>(identities.getOrDefault(name, new TreeSet<>()));
            answering.addAll(before);
            waypoint.ifPresent(it -> behind.put(name, before));
            made.add(ServiceRules.translate(
                    name,
                    service,
                    cluster,
                    List.copyOf(answering),
                    waypoint.map(WaypointRules.Waypoint::at),
                    annotationOfNamespace(service.name().namespace(), ServiceRules.DISTRIBUTION_ANNOTATION)));
        }
        return made;
    }

    private String annotationOfNamespace(String namespace, String annotation) {
        return Optional.ofNullable(objects.namespaces().get(new ObjectName("", namespace)))
                .map(one -> one.annotations().getOrDefault(annotation, ""))
                .orElse("");
    }

    /** Many pods have one. */
    private record Account(TrustDomain domain, String namespace, String name) {
        static Account of(Workload workload) {
            return new Account(workload.trustDomain(), workload.namespace(), workload.serviceAccount());
        }
    }

    /** Whatever has no service account has no identity and answers for nobody. */
    private static Map<ServiceName, SortedSet<SpiffeId>> identities(List<Workload> workloads) {
        Map<ServiceName, SortedSet<SpiffeId>> identities = new HashMap<>();
        Map<Account, SpiffeId> known = new HashMap<>();
        for (Workload workload : workloads) {
            if (!workload.serviceAccount().isEmpty()) {
                SpiffeId identity = known.computeIfAbsent(Account.of(workload), account -> workload.identity());
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
                exports.put(
                        ServiceRules.name(service.name(), cluster),
                        new LocalPart.Export(
                                scope(service),
                                service.created(),
                                Optional.empty(),
                                List.of(),
                                origin(service),
                                onFailure(service),
                                writers(service)));
            }
            Optional.ofNullable(objects.exports().get(service.name()))
                    .ifPresent(export -> exports.put(clusterset(service.name()), export(service, export)));
        }
        return exports;
    }

    private LocalPart.Export export(ServiceObject service, ServiceExportObject export) {
        return new LocalPart.Export(
                new ExportScope.Both(scope(service), ExportScope.parse(export.exportTo())),
                export.created(),
                Optional.of(service.shape().with(export.labels(), export.annotations())),
                slices.getOrDefault(service.name(), List.of()),
                origin(service),
                onFailure(service),
                writers(service));
    }

    /** Whoever says anything of it has state: a word that we do not know opens no second region. */
    private static Writers writers(ServiceObject service) {
        return service.annotations().containsKey(STATEFUL_ANNOTATION) ? Writers.SINGLE : Writers.MANY;
    }

    /** Whatever else it says, streams that hang end. */
    private static OnFailure onFailure(ServiceObject service) {
        String wanted = service.annotations().getOrDefault(ON_FAILURE_ANNOTATION, "");
        return wanted.equals("hold") ? OnFailure.HOLD : OnFailure.RESET;
    }

    private LocalPart.Export.Origin origin(ServiceObject service) {
        NamespaceObject namespace =
                objects.namespaces().get(new ObjectName("", service.name().namespace()));
        return new LocalPart.Export.Origin(
                service.name(), service.labels(), namespace == null ? Map.of() : namespace.labels());
    }

    private static ExportScope scope(ServiceObject service) {
        return ExportScope.parse(service.annotations().getOrDefault(EXPORT_TO_ANNOTATION, "*"));
    }

    private McsObjects mcs() {
        SortedMap<ObjectName, ImportedSlice> imported = new TreeMap<>();
        objects.slices().forEach((name, slice) -> slice.imported().ifPresent(ours -> imported.put(name, ours)));
        Set<ObjectName> unfit = new HashSet<>(objects.services().keySet());
        unfit.removeAll(services.keySet());
        return new McsObjects(
                objects.isMcsServed(),
                new TreeMap<>(objects.exports()),
                new TreeMap<>(objects.imports()),
                imported,
                services.keySet(),
                unfit);
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
