package io.beringia.discovery.mcs;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.merge.FederatedService;
import io.beringia.discovery.merge.McsExport;
import io.beringia.discovery.merge.McsExport.IpFamily;
import io.beringia.discovery.merge.McsExport.Port;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The exports of many clusters to one import, as the Multi-Cluster Services API wants it (KEP-1645, "Conflict resolution
 * policies"): the oldest export prevails, ports are united. Pure. Any thread.
 */
public final class ImportRules {
    /** Labels and annotations by which other tools own what they made: copied, they would delete what we made. */
    private static final List<String> OTHERS = List.of(
            "argocd.argoproj.io/",
            "app.kubernetes.io/instance",
            "app.kubernetes.io/managed-by",
            "helm.sh/",
            "meta.helm.sh/",
            "kustomize.toolkit.fluxcd.io/",
            "kubectl.kubernetes.io/",
            "prometheus.io/",
            "multicluster.beringia.io/");

    private ImportRules() {}

    /**
     * Empty where nobody exports it by a ServiceExport.
     *
     * @param counts whether a cluster's export may be imported at all
     * @param here IP families that our cluster can give an address of
     */
    public static Optional<Import> of(FederatedService service, Predicate<ClusterId> counts, Set<IpFamily> here) {
        List<Constituent> exports = service.parts().stream()
                .filter(part -> counts.test(part.cluster()))
                .flatMap(part -> part.export().mcs().map(mcs -> new Constituent(part.cluster(), mcs)).stream())
                .toList();
        return exports.isEmpty() ? Optional.empty() : Optional.of(merged(service, exports, here));
    }

    /** One cluster's word; they come in order of precedence. */
    private record Constituent(ClusterId cluster, McsExport said) {}

    private static Import merged(FederatedService service, List<Constituent> exports, Set<IpFamily> here) {
        McsExport oldest = exports.getFirst().said();
        return new Import(
                service.name(),
                oldest.type(),
                ports(exports),
                oldest.affinity(),
                oldest.internalTrafficPolicy(),
                oldest.trafficDistribution(),
                families(exports, here),
                withoutOthers(oldest.labels()),
                withoutOthers(oldest.annotations()),
                exports.stream().map(Constituent::cluster).toList(),
                conflicts(exports),
                (int) exports.stream()
                        .filter(export -> !conflicts(oldest, export.said()).isEmpty())
                        .count());
    }

    /** Oldest first; a port whose name, or whose protocol and number, is taken is left out. */
    private static List<Port> ports(List<Constituent> exports) {
        List<Port> union = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<Slot> slots = new HashSet<>();
        for (Constituent export : exports) {
            for (Port port : export.said().ports()) {
                boolean isTaken = names.contains(port.name())
                        || names.contains(named(port).name())
                        || slots.contains(Slot.of(port));
                if (!isTaken) {
                    names.add(port.name());
                    names.add(named(port).name());
                    slots.add(Slot.of(port));
                    union.add(port);
                }
            }
        }
        return union.size() == 1
                ? union
                : union.stream().map(ImportRules::named).toList();
    }

    private record Slot(Export.Protocol protocol, int port) {
        static Slot of(Port port) {
            return new Slot(port.protocol(), port.port());
        }
    }

    /** Kubernetes refuses an unnamed port beside others. */
    private static Port named(Port port) {
        return port.name().isEmpty()
                ? new Port("port-" + port.port(), port.protocol(), port.port(), port.appProtocol())
                : port;
    }

    private static List<IpFamily> families(List<Constituent> exports, Set<IpFamily> here) {
        return exports.getFirst().said().families().stream()
                .filter(here::contains)
                .filter(family -> exports.stream()
                        .allMatch(export -> export.said().families().contains(family)))
                .toList();
    }

    private static Map<String, String> withoutOthers(Map<String, String> texts) {
        Map<String, String> kept = new HashMap<>(texts);
        kept.keySet().removeIf(name -> OTHERS.stream().anyMatch(name::startsWith));
        return kept;
    }

    private static SortedSet<ConflictReason> conflicts(List<Constituent> exports) {
        SortedSet<ConflictReason> conflicts = new TreeSet<>();
        McsExport oldest = exports.getFirst().said();
        exports.forEach(export -> conflicts.addAll(conflicts(oldest, export.said())));
        return conflicts;
    }

    private static Set<ConflictReason> conflicts(McsExport oldest, McsExport other) {
        Set<ConflictReason> conflicts = new HashSet<>();
        for (ConflictReason reason : ConflictReason.values()) {
            Function<McsExport, Object> property = property(reason);
            if (!property.apply(oldest).equals(property.apply(other))) {
                conflicts.add(reason);
            }
        }
        return conflicts;
    }

    /** What two exports must have in common. */
    private static Function<McsExport, Object> property(ConflictReason reason) {
        return switch (reason) {
            case TYPE -> McsExport::type;
            case PORTS -> said -> Set.copyOf(said.ports());
            case SESSION_AFFINITY -> said -> said.affinity().isByClient();
            case SESSION_AFFINITY_CONFIG -> said -> said.affinity().seconds();
            case INTERNAL_TRAFFIC_POLICY -> McsExport::internalTrafficPolicy;
            case TRAFFIC_DISTRIBUTION -> McsExport::trafficDistribution;
            case LABELS -> McsExport::labels;
            case ANNOTATIONS -> McsExport::annotations;
            case IP_FAMILIES -> said -> Set.copyOf(said.families());
        };
    }
}
