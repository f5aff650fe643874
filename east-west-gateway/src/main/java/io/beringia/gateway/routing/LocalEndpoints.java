package io.beringia.gateway.routing;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.NetworkAddress;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Workload;
import io.beringia.trust.identity.SpiffeId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The pods of our network that can end an inner tunnel for a service: its endpoints, or its waypoint's. Pure. */
final class LocalEndpoints {
    /** Where every ztunnel and waypoint ends HBONE, whatever the service's own port. */
    static final int HBONE_PORT = 15_008;
    /** With a TCP connect of 2 s each, more would not fit into the deadline of one CONNECT. */
    static final int CANDIDATES_MAX = 3;

    private LocalEndpoints() {}

    /** What was found. */
    sealed interface Found {
        /** At least one, in the order in which to try them. */
        record Some(List<Candidate.Backend> candidates) implements Found {}

        record None(Refusal why, String detail) implements Found {}
    }

    /**
     * @param isPastWaypoint whether the connection comes from the service's own waypoint, which would else be asked again
     */
    static Found find(
            Self self, Catalog catalog, ServiceName name, int port, boolean isPastWaypoint, RandomGenerator random) {
        Service service = catalog.services().get(name);
        if (service == null) {
            return new Found.None(
                    Refusal.NO_ENDPOINT,
                    "service: " + name + " (expected: its definition, which names a waypoint if there is one)");
        }
        List<Workload> ready = pods(catalog, service, port, isPastWaypoint)
                .filter(pod -> isReadyHere(self, pod))
                .toList();
        if (ready.isEmpty()) {
            return new Found.None(
                    Refusal.NO_ENDPOINT,
                    "endpoints: none ready (expected: one of " + name + " in " + self.network() + ")");
        }
        return dialable(self, catalog, ready, random);
    }

    /** Identities of the service's waypoint, as far as we know its pods. */
    static boolean isWaypointOf(Catalog catalog, ServiceName name, SpiffeId identity) {
        return Optional.ofNullable(catalog.services().get(name)).flatMap(Service::waypoint).stream()
                .flatMap(waypoint -> waypointPods(catalog, waypoint))
                .anyMatch(pod -> pod.identity().equals(identity));
    }

    private static Found dialable(Self self, Catalog catalog, List<Workload> ready, RandomGenerator random) {
        List<Workload> tunnelled = ready.stream()
                .filter(pod -> pod.tunnel() == Workload.Tunnel.HBONE)
                .toList();
        if (tunnelled.isEmpty()) {
            return new Found.None(
                    Refusal.NO_HBONE_ENDPOINT,
                    "endpoints: " + ready.size() + " ready (expected: one that speaks HBONE)");
        }
        List<List<Candidate.Backend>> picked = WeightedOrder.pick(
                tunnelled,
                Workload::capacity,
                pod -> Optional.of(backends(self, catalog, pod)).filter(ways -> !ways.isEmpty()),
                CANDIDATES_MAX,
                random);
        return picked.isEmpty()
                ? new Found.None(Refusal.NO_ENDPOINT, whyNone(self, catalog, tunnelled.getFirst()))
                : new Found.Some(inTurn(picked));
    }

    /** Each pod by one address before any by another. */
    private static List<Candidate.Backend> inTurn(List<List<Candidate.Backend>> pods) {
        return Stream.concat(
                        pods.stream().map(List::getFirst),
                        pods.stream().flatMap(ways -> ways.stream().skip(1)))
                .limit(CANDIDATES_MAX)
                .toList();
    }

    private static Stream<Workload> pods(Catalog catalog, Service service, int port, boolean isPastWaypoint) {
        return service.waypoint()
                .filter(waypoint -> !isPastWaypoint)
                .map(waypoint -> waypointPods(catalog, waypoint))
                .orElseGet(() -> catalog.endpoints(service.name()).stream()
                        .filter(pod -> pod.targetPort(service.name(), port).isPresent()));
    }

    private static Stream<Workload> waypointPods(Catalog catalog, GatewayRef waypoint) {
        return switch (waypoint) {
            case GatewayRef.ByHostname named -> catalog.endpoints(named.service()).stream();
            case GatewayRef.ByAddress at -> podsAt(catalog, at.address());
        };
    }

    /** As a ztunnel does: a service's virtual address first, then a workload's own. */
    private static Stream<Workload> podsAt(Catalog catalog, NetworkAddress address) {
        List<Workload> behind = catalog.servicesAt(address).stream()
                .flatMap(service -> catalog.endpoints(service.name()).stream())
                .collect(Collectors.toUnmodifiableList());
        return behind.isEmpty() ? catalog.workloadAt(address).stream() : behind.stream();
    }

    /** A pod on its node's network shares the node's 15008, so its address does not name it. */
    private static boolean isReadyHere(Self self, Workload pod) {
        return pod.network().equals(self.network())
                && pod.networkGateway().isEmpty()
                && pod.health() == Health.HEALTHY
                && pod.capacity() > 0
                && !pod.hostNetwork()
                && !pod.addresses().isEmpty();
    }

    /** Its addresses that may be dialled, those of our own family first: the other need not be routed here at all. */
    private static List<Candidate.Backend> backends(Self self, Catalog catalog, Workload pod) {
        return pod.addresses().stream()
                .sorted(Comparator.comparing(ip -> ip.isV6() != self.source().isV6()))
                .map(ip -> new Candidate.Backend(pod.uid(), new SocketAddress(ip, HBONE_PORT)))
                .filter(backend -> AddressRules.refusal(self, catalog, backend).isEmpty())
                .toList();
    }

    private static String whyNone(Self self, Catalog catalog, Workload pod) {
        SocketAddress first = new SocketAddress(pod.addresses().getFirst(), HBONE_PORT);
        return AddressRules.refusal(self, catalog, new Candidate.Backend(pod.uid(), first))
                .orElse("endpoints: none");
    }
}
