package io.beringia.gateway.routing;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.catalog.Workload;
import io.beringia.gateway.observe.PathTable;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Gateways elsewhere through which a service can be reached. Pure. A region is drawn by its share of new connections, or
 * by its ready capacity while no plan says a share; its gateways, three at most, stand before those of the next region
 * drawn. After that what is seen of each path moves it back, never forward. A gateway whose certificate ends comes after the
 * others of its region, and the region is not left for it.
 */
final class RemoteGateways {
    /** Who failed three times in one region tries the next: a large region must not use up the whole deadline. */
    private static final int OF_ONE_REGION_MAX = 3;
    /** An attempt starts every 250 ms, so after these half of a deadline of 5 s is left for our own endpoints. */
    private static final int CANDIDATES_MAX = 9;

    private RemoteGateways() {}

    /** Healthy ones, UP first and DOWN last. Empty if the service can be reached in no other region. */
    static List<Candidate.Gateway> order(
            Self self, Catalog catalog, PathTable paths, RelayTarget target, int port, RandomGenerator random) {
        List<Reachable> reachable = reachable(self, catalog, target, port);
        Map<RegionId, List<Reachable>> regions = reachable.stream()
                .collect(Collectors.groupingBy(
                        one -> one.state().region(), TreeMap::new, Collectors.toUnmodifiableList()));
        return WeightedOrder.of(List.copyOf(regions.values()), RemoteGateways::weight, random).stream()
                .flatMap(region -> ofRegion(self, catalog, region, paths, random))
                .sorted(RemoteGateways::bestFirst)
                .limit(CANDIDATES_MAX)
                .toList();
    }

    /** A cluster that has the service, and how much of the traffic is meant for it. */
    private record Reachable(ClusterState state, long weight) {}

    private static List<Reachable> reachable(Self self, Catalog catalog, RelayTarget target, int port) {
        boolean planned = target.parts().stream().anyMatch(part -> part.share().isPresent());
        return target.parts().stream()
                .sorted(Comparator.comparing(RelayTarget.Part::cluster))
                .filter(part -> part.ports().contains(port) && part.capacity() > 0)
                .flatMap(part -> Optional.ofNullable(catalog.clusters().get(part.cluster())).stream()
                        .filter(state ->
                                isElsewhere(self, state) && state.status().isAllowed())
                        .map(state -> new Reachable(
                                state,
                                planned ? part.share().orElse(0) : Math.min(part.capacity(), Workload.CAPACITY_MAX))))
                .toList();
    }

    /** Never back to where the connection comes from. */
    private static boolean isElsewhere(Self self, ClusterState state) {
        return !state.cluster().equals(self.cluster())
                && !state.region().equals(self.region())
                && !state.network().equals(self.network());
    }

    private static long weight(List<Reachable> region) {
        return region.stream().mapToLong(Reachable::weight).sum();
    }

    private static Stream<Candidate.Gateway> ofRegion(
            Self self, Catalog catalog, List<Reachable> region, PathTable paths, RandomGenerator random) {
        return WeightedOrder.of(region, Reachable::weight, random).stream()
                .flatMap(cluster -> healthy(cluster.state(), random))
                .<Candidate.Gateway>map(gateway ->
                        new Candidate.Gateway(gateway, paths.view(gateway).state()))
                .filter(candidate ->
                        AddressRules.refusal(self, catalog, candidate).isEmpty())
                .sorted(Comparator.comparingInt((Candidate.Gateway one) -> rank(one.path()))
                        .thenComparing(one -> paths.view(one.gateway()).isExpiring()))
                .limit(OF_ONE_REGION_MAX);
    }

    private static Stream<GatewayAddress> healthy(ClusterState state, RandomGenerator random) {
        List<GatewayAddress> healthy = state.gateways().stream()
                .filter(gateway -> gateway.health() == Health.HEALTHY)
                .toList();
        return WeightedOrder.of(healthy, GatewayAddress::weight, random).stream();
    }

    private static int bestFirst(Candidate.Gateway one, Candidate.Gateway other) {
        return Integer.compare(rank(one.path()), rank(other.path()));
    }

    private static int rank(PathState path) {
        return switch (path) {
            case UP -> 0;
            case PROBATION -> 1;
            case SUSPECT -> 2;
            case DOWN -> 3;
        };
    }
}
