package io.beringia.discovery.merge;

import io.beringia.discovery.catalog.Locality;
import io.beringia.discovery.catalog.RelayTarget.OnFailure;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.Writers;
import io.beringia.trust.identity.SpiffeId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one cluster says of one service that it exports.
 *
 * @param createdAt when it was first exported, to the second; the oldest export wins conflicts
 * @param identities of all its endpoints there
 * @param capacities ready endpoints by locality, each locality once; a remote cluster costs these records, not its pods
 * @param mcs what a ServiceExport says; only for names of the clusterset
 * @param slices of a ServiceExport, where whoever is told reaches these addresses
 * @param guard what stands before its endpoints there
 * @param onFailure what becomes of running streams whose path is DOWN
 * @param writers how many regions may serve it at a time, as this cluster has it
 */
public record Export(
        ServiceName service,
        Instant createdAt,
        List<ExportedPort> ports,
        Set<SpiffeId> identities,
        List<Capacity> capacities,
        Optional<McsExport> mcs,
        List<ExportedSlice> slices,
        Guard guard,
        OnFailure onFailure,
        Writers writers) {
    public Export {
        ports = List.copyOf(ports);
        identities = Set.copyOf(identities);
        capacities = List.copyOf(capacities);
        slices = List.copyOf(slices);
    }

    /** One that no ServiceExport stands behind. */
    public Export(
            ServiceName service,
            Instant createdAt,
            List<ExportedPort> ports,
            Set<SpiffeId> identities,
            List<Capacity> capacities) {
        this(service, createdAt, ports, identities, capacities, Optional.empty(), List.of());
    }

    /** One of whose guard nothing is known. */
    public Export(
            ServiceName service,
            Instant createdAt,
            List<ExportedPort> ports,
            Set<SpiffeId> identities,
            List<Capacity> capacities,
            Optional<McsExport> mcs,
            List<ExportedSlice> slices) {
        this(service, createdAt, ports, identities, capacities, mcs, slices, Guard.NONE);
    }

    /** One whose streams are reset. */
    public Export(
            ServiceName service,
            Instant createdAt,
            List<ExportedPort> ports,
            Set<SpiffeId> identities,
            List<Capacity> capacities,
            Optional<McsExport> mcs,
            List<ExportedSlice> slices,
            Guard guard) {
        this(service, createdAt, ports, identities, capacities, mcs, slices, guard, OnFailure.RESET);
    }

    /** One that any region may serve. */
    public Export(
            ServiceName service,
            Instant createdAt,
            List<ExportedPort> ports,
            Set<SpiffeId> identities,
            List<Capacity> capacities,
            Optional<McsExport> mcs,
            List<ExportedSlice> slices,
            Guard guard,
            OnFailure onFailure) {
        this(service, createdAt, ports, identities, capacities, mcs, slices, guard, onFailure, Writers.MANY);
    }

    /**
     * What stands before the endpoints of one cluster.
     *
     * @param digest of its policies and of whether it has a waypoint: equal where the same is enforced, empty where nobody
     *     knows
     * @param waypoint identities that answer before the endpoints do
     */
    public record Guard(String digest, Set<SpiffeId> waypoint) {
        public static final Guard NONE = new Guard("", Set.of());

        public Guard {
            waypoint = Set.copyOf(waypoint);
        }
    }

    public Export with(List<ExportedSlice> others) {
        return new Export(service, createdAt, ports, identities, capacities, mcs, others, guard, onFailure, writers);
    }

    /** Sum over all localities. */
    public long ready() {
        return capacities.stream().mapToLong(Capacity::ready).sum();
    }

    /** One port: by name, unless that is empty, and by protocol and number; target 0 where endpoints differ. */
    public record ExportedPort(String name, Protocol protocol, int port, int target) {}

    public enum Protocol {
        TCP,
        UDP,
        SCTP
    }

    /** Sum of the weights of the endpoints of one locality that are ready and speak HBONE. */
    public record Capacity(Locality locality, long ready) {
        public Capacity {
            if (ready < 0) {
                throw new IllegalArgumentException("ready: " + ready + " (expected: at least 0)");
            }
        }
    }
}
