package io.beringia.discovery.kube;

import io.beringia.discovery.catalog.RelayTarget.OnFailure;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.catalog.Writers;
import io.beringia.discovery.merge.ExportedSlice;
import io.beringia.discovery.merge.McsExport;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One cluster in mesh words: all of its services and workloads, and which services it offers to others.
 *
 * @param exports services with label {@code istio.io/global=true}, and under their names in the clusterset those with a
 *     ServiceExport; policy may narrow them further
 * @param namespaces those that exist: a service of another cluster is imported only into one of these
 * @param sharing who may have what is offered
 * @param remarks what its API says and nobody obeys, for people
 */
public record LocalPart(
        LocalCluster cluster,
        List<Service> services,
        List<Workload> workloads,
        Map<ServiceName, Export> exports,
        Set<String> namespaces,
        LocalPolicies policies,
        LocalWaypoints waypoints,
        McsObjects mcs,
        ExportObjects sharing,
        SortedSet<String> remarks) {
    public LocalPart {
        services = List.copyOf(services);
        workloads = List.copyOf(workloads);
        exports = Map.copyOf(exports);
        namespaces = Set.copyOf(namespaces);
        remarks = Collections.unmodifiableSortedSet(new TreeSet<>(remarks));
    }

    /** One whose API has neither policies nor waypoints nor anything of the Multi-Cluster Services API. */
    public LocalPart(
            LocalCluster cluster,
            List<Service> services,
            List<Workload> workloads,
            Map<ServiceName, Export> exports,
            Set<String> namespaces) {
        this(
                cluster,
                services,
                workloads,
                exports,
                namespaces,
                LocalPolicies.NONE,
                LocalWaypoints.NONE,
                McsObjects.NONE,
                ExportObjects.NONE,
                Collections.emptySortedSet());
    }

    /**
     * One offer.
     *
     * @param created decides between clusters that disagree: the oldest wins
     * @param mcs what a ServiceExport says
     * @param slices of its endpoints
     * @param origin the Service behind it, by which policies select
     * @param onFailure what its clients want of streams on a path that is DOWN
     * @param writers how many regions may serve it at a time
     */
    public record Export(
            ExportScope scope,
            Instant created,
            Optional<McsExport> mcs,
            List<ExportedSlice> slices,
            Origin origin,
            OnFailure onFailure,
            Writers writers) {
        public Export {
            slices = List.copyOf(slices);
        }

        /** By the label, with streams that are reset, served anywhere. */
        public Export(ExportScope scope, Instant created, Origin origin) {
            this(scope, created, Optional.empty(), List.of(), origin, OnFailure.RESET, Writers.MANY);
        }

        /** A Service and its labels, and those of its namespace. */
        public record Origin(ObjectName service, Map<String, String> labels, Map<String, String> namespaceLabels) {
            public Origin {
                labels = Map.copyOf(labels);
                namespaceLabels = Map.copyOf(namespaceLabels);
            }
        }
    }

    /** The same under other policies. */
    public LocalPart sharedBy(ExportObjects others) {
        return new LocalPart(
                cluster, services, workloads, exports, namespaces, policies, waypoints, mcs, others, remarks);
    }

    @Override
    public String toString() {
        return "LocalPart[" + cluster.id() + ", " + services.size() + " services, " + workloads.size() + " workloads, "
                + exports.size() + " exported]";
    }
}
