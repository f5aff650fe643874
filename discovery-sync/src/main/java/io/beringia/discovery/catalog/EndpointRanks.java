package io.beringia.discovery.catalog;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * One endpoint of one service for one client, exactly as ztunnel picks it ({@code src/state.rs}, load_balance):
 * eligible endpoints, of those the best rank, of those one by capacity. Pure.
 */
final class EndpointRanks {
    private EndpointRanks() {}

    /** What may serve that port for that client, in order of uid; {@code tried} uids are left out. */
    static List<Workload> eligible(
            Catalog catalog, Service service, int servicePort, Workload client, Set<String> tried) {
        return catalog.endpoints(service.name()).stream()
                .filter(endpoint -> !tried.contains(endpoint.uid()))
                .filter(endpoint -> isHealthy(endpoint, service) && isReachable(endpoint, client))
                .filter(endpoint -> portAt(endpoint, service, servicePort) > 0)
                .toList();
    }

    /** One of them; empty if none is of a permitted rank or all of the best rank have capacity 0. */
    static Optional<Workload> pick(
            List<Workload> eligible, LoadBalancing balancing, Workload client, RandomGenerator random) {
        return byCapacity(chosenFrom(eligible, balancing, client), random);
    }

    /** Those among which capacity decides. */
    static List<Workload> chosenFrom(List<Workload> eligible, LoadBalancing balancing, Workload client) {
        return switch (balancing.mode()) {
            case STANDARD, PASSTHROUGH -> eligible;
            case FAILOVER -> bestRank(eligible, balancing, client);
            case STRICT ->
                bestRank(
                        eligible.stream()
                                .filter(endpoint -> matchesAll(endpoint, balancing, client))
                                .toList(),
                        balancing,
                        client);
        };
    }

    /** Where a connection to that service port ends at this endpoint; 0 if nobody says. */
    static int portAt(Workload endpoint, Service service, int servicePort) {
        int ofEndpoint = endpoint.targetPort(service.name(), servicePort).orElse(0);
        if (ofEndpoint > 0) {
            return ofEndpoint;
        }
        return service.port(servicePort)
                .map(port ->
                        port.target() == 0 && endpoint.proxyProtocolPort().isPresent() ? port.port() : port.target())
                .orElse(0);
    }

    static boolean isHealthy(Workload endpoint, Service service) {
        return endpoint.health() == Health.HEALTHY
                || service.loadBalancing().healthPolicy() == LoadBalancing.HealthPolicy.ALLOW_ALL;
    }

    static boolean isReachable(Workload endpoint, Workload client) {
        return !endpoint.addresses().isEmpty()
                || endpoint.hostname().isPresent()
                || (!endpoint.network().equals(client.network())
                        && endpoint.networkGateway().isPresent());
    }

    private static List<Workload> bestRank(List<Workload> eligible, LoadBalancing balancing, Workload client) {
        int best = eligible.stream()
                .mapToInt(endpoint -> rank(endpoint, balancing.preference(), client))
                .max()
                .orElse(0);
        return eligible.stream()
                .filter(endpoint -> rank(endpoint, balancing.preference(), client) == best)
                .toList();
    }

    /**
     * Length of the matching prefix. A leading NETWORK is special: a match counts as much as all scopes together, so
     * that nothing of another network ever beats it, and a mismatch does not end the prefix.
     */
    static int rank(Workload endpoint, List<LoadBalancing.Scope> preference, Workload client) {
        int rank = 0;
        for (int i = 0; i < preference.size(); i++) {
            boolean leadingNetwork = i == 0 && preference.getFirst() == LoadBalancing.Scope.NETWORK;
            if (matches(endpoint, preference.get(i), client)) {
                rank += leadingNetwork ? preference.size() : 1;
            } else if (!leadingNetwork) {
                return rank;
            }
        }
        return rank;
    }

    private static boolean matchesAll(Workload endpoint, LoadBalancing balancing, Workload client) {
        return balancing.preference().stream().allMatch(scope -> matches(endpoint, scope, client));
    }

    private static boolean matches(Workload endpoint, LoadBalancing.Scope scope, Workload client) {
        return switch (scope) {
            case REGION -> endpoint.locality().region().equals(client.locality().region());
            case ZONE -> endpoint.locality().zone().equals(client.locality().zone());
            case SUBZONE ->
                endpoint.locality().subzone().equals(client.locality().subzone());
            case NODE ->
                endpoint.description().node().equals(client.description().node());
            case CLUSTER -> endpoint.cluster().equals(client.cluster());
            case NETWORK -> endpoint.network().equals(client.network());
        };
    }

    private static Optional<Workload> byCapacity(List<Workload> endpoints, RandomGenerator random) {
        long total = endpoints.stream().mapToLong(Workload::capacity).sum();
        if (total == 0) {
            return Optional.empty();
        }
        long left = random.nextLong(total);
        for (Workload endpoint : endpoints) {
            left -= endpoint.capacity();
            if (left < 0) {
                return Optional.of(endpoint);
            }
        }
        return Optional.empty();
    }
}
