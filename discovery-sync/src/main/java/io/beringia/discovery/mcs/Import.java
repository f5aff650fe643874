package io.beringia.discovery.mcs;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.merge.McsExport;
import io.beringia.discovery.merge.McsExport.IpFamily;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the exports of all clusters make of one service.
 *
 * @param families that all of them and our own cluster have; without any the service cannot be reached here
 * @param clusters that export it, in order of precedence
 * @param conflicts what they disagree about; the first prevails
 * @param disagreeing how many of them differ from what prevails
 */
public record Import(
        ServiceName name,
        McsExport.Type type,
        List<McsExport.Port> ports,
        McsExport.Affinity affinity,
        String internalTrafficPolicy,
        String trafficDistribution,
        List<IpFamily> families,
        Map<String, String> labels,
        Map<String, String> annotations,
        List<ClusterId> clusters,
        SortedSet<ConflictReason> conflicts,
        int disagreeing) {
    public Import {
        ports = List.copyOf(ports);
        families = List.copyOf(families);
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        clusters = List.copyOf(clusters);
        conflicts = new TreeSet<>(conflicts);
    }

    /** Whose word prevails. */
    public ClusterId leader() {
        return clusters.getFirst();
    }

    /** The same with another one's type and ports. */
    Import shapedAs(McsExport.Type otherType, List<McsExport.Port> otherPorts) {
        return new Import(
                name,
                otherType,
                otherPorts,
                affinity,
                internalTrafficPolicy,
                trafficDistribution,
                families,
                labels,
                annotations,
                clusters,
                conflicts,
                disagreeing);
    }
}
