package io.beringia.discovery.merge;

import io.beringia.discovery.catalog.ServiceName;
import io.beringia.trust.identity.SpiffeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The same service of many clusters to one, as the Multi-Cluster Services API wants it (KEP-1645). Pure. Any thread. */
public final class MergeRules {
    /** The oldest export prevails; its time has whole seconds, so that the cluster's name decides ties. */
    private static final Comparator<FederatedService.Part> PRECEDENCE =
            Comparator.<FederatedService.Part, Long>comparing(
                            part -> part.export().createdAt().getEpochSecond())
                    .thenComparing(FederatedService.Part::cluster);

    private MergeRules() {}

    /** Empty where no cluster exports the service. The order of the parts does not matter. */
    public static Optional<FederatedService> merge(ServiceName name, Collection<FederatedService.Part> parts) {
        if (parts.isEmpty()) {
            return Optional.empty();
        }
        List<FederatedService.Part> ordered = parts.stream().sorted(PRECEDENCE).toList();
        return Optional.of(
                new FederatedService(name, ports(ordered), identities(ordered), ordered, conflicts(ordered)));
    }

    /** Oldest first; a port whose name, or whose protocol and number, is taken is left out. */
    private static List<Export.ExportedPort> ports(List<FederatedService.Part> parts) {
        List<Export.ExportedPort> union = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<Slot> slots = new HashSet<>();
        for (FederatedService.Part part : parts) {
            for (Export.ExportedPort port : part.export().ports()) {
                if (!names.contains(port.name()) && !slots.contains(Slot.of(port))) {
                    names.add(port.name());
                    slots.add(Slot.of(port));
                    union.add(everywhere(port, parts) ? port : withoutTarget(port));
                }
            }
        }
        return union.size() == 1 ? union : union.stream().map(MergeRules::named).toList();
    }

    /** With a numeric target a ztunnel would send the port to clusters that lack it. */
    private static Export.ExportedPort withoutTarget(Export.ExportedPort port) {
        return new Export.ExportedPort(port.name(), port.protocol(), port.port(), 0);
    }

    private static boolean everywhere(Export.ExportedPort port, List<FederatedService.Part> parts) {
        return parts.stream().allMatch(part -> exposes(part.export(), port));
    }

    /** Whether a cluster has exactly that port, so that it may get its traffic. */
    static boolean exposes(Export export, Export.ExportedPort port) {
        return export.ports().stream().anyMatch(own -> Slot.of(own).equals(Slot.of(port)));
    }

    /** Kubernetes refuses an unnamed port beside others. */
    private static Export.ExportedPort named(Export.ExportedPort port) {
        return port.name().isEmpty()
                ? new Export.ExportedPort("port-" + port.port(), port.protocol(), port.port(), port.target())
                : port;
    }

    private static List<SpiffeId> identities(List<FederatedService.Part> parts) {
        return parts.stream()
                .flatMap(part ->
                        Stream.concat(part.export().identities().stream(), part.export().guard().waypoint().stream()))
                .distinct()
                .sorted()
                .toList();
    }

    private static Set<FederatedService.Conflict> conflicts(List<FederatedService.Part> parts) {
        Set<Set<String>> portSets = parts.stream()
                .map(part -> part.export().ports().stream()
                        .map(port -> port.name() + "/" + Slot.of(port))
                        .collect(Collectors.toSet()))
                .collect(Collectors.toSet());
        return portSets.size() == 1 ? Set.of() : Set.of(FederatedService.Conflict.PORT_CONFLICT);
    }

    private record Slot(Export.Protocol protocol, int port) {
        static Slot of(Export.ExportedPort port) {
            return new Slot(port.protocol(), port.port());
        }
    }
}
