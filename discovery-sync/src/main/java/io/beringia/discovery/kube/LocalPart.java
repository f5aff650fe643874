package io.beringia.discovery.kube;

import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.Workload;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One cluster in mesh words: all of its services and workloads, and which services it offers to others.
 *
 * @param exports services with label {@code istio.io/global=true}; policy may narrow them further
 * @param namespaces those that exist: a service of another cluster is imported only into one of these
 */
public record LocalPart(
        LocalCluster cluster,
        List<Service> services,
        List<Workload> workloads,
        Map<ServiceName, Export> exports,
        Set<String> namespaces) {
    public LocalPart {
        services = List.copyOf(services);
        workloads = List.copyOf(workloads);
        exports = Map.copyOf(exports);
        namespaces = Set.copyOf(namespaces);
    }

    /**
     * One offer.
     *
     * @param created decides between clusters that disagree: the oldest wins
     */
    public record Export(ExportScope scope, Instant created) {}

    @Override
    public String toString() {
        return "LocalPart[" + cluster.id() + ", " + services.size() + " services, " + workloads.size() + " workloads, "
                + exports.size() + " exported]";
    }
}
