package io.beringia.discovery.catalog;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One endpoint of a service as one client's ztunnel weighs it, whether it is chosen or not.
 *
 * @param rank the greater the nearer; compared only where the service fails over by scopes
 */
public record Candidate(Workload endpoint, Standing standing, int rank) {
    /** Why it is, or is not, one of those from which the choice is made by capacity. */
    public enum Standing {
        CHOICE,
        /** One that is nearer can serve. */
        LOWER_RANK,
        /** The service wants all scopes to match. */
        OUT_OF_SCOPE,
        /** It would be one, and is never picked. */
        NO_CAPACITY,
        UNHEALTHY,
        /** No address, no name, and no gateway that leads to it. */
        UNREACHABLE,
        /** It does not have that port. */
        NO_PORT
    }

    /** All endpoints of a service, in order of uid. Pure. */
    public static List<Candidate> of(Catalog catalog, Service service, int port, Workload client) {
        List<Workload> eligible = EndpointRanks.eligible(catalog, service, port, client, Set.of());
        Set<Workload> chosen = new HashSet<>(EndpointRanks.chosenFrom(eligible, service.loadBalancing(), client));
        return catalog.endpoints(service.name()).stream()
                .map(it -> new Candidate(
                        it,
                        standing(it, service, port, client, chosen),
                        EndpointRanks.rank(it, service.loadBalancing().preference(), client)))
                .toList();
    }

    private static Standing standing(Workload it, Service service, int port, Workload client, Set<Workload> chosen) {
        if (chosen.contains(it)) {
            return it.capacity() == 0 ? Standing.NO_CAPACITY : Standing.CHOICE;
        }
        if (!EndpointRanks.isHealthy(it, service)) {
            return Standing.UNHEALTHY;
        }
        if (!EndpointRanks.isReachable(it, client)) {
            return Standing.UNREACHABLE;
        }
        if (EndpointRanks.portAt(it, service, port) == 0) {
            return Standing.NO_PORT;
        }
        return service.loadBalancing().mode() == LoadBalancing.Mode.STRICT
                ? Standing.OUT_OF_SCOPE
                : Standing.LOWER_RANK;
    }
}
