package io.beringia.discovery.catalog;

import io.beringia.trust.identity.SpiffeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Which way a ztunnel would send one connection of one client: service, waypoint, endpoint, gateway, and who must
 * answer at each ({@code istio/ztunnel src/proxy/outbound.rs}, build_request; {@code src/state.rs}). Pure: the catalog
 * is taken once and randomness is passed in, so the same arguments give the same way.
 */
public final class EndpointChoice {
    private static final int HBONE_PORT = 15_008;

    private final Catalog catalog;
    private final Workload client;
    private final Set<String> tried;
    private final RandomGenerator random;

    private EndpointChoice(Catalog catalog, Workload client, Set<String> tried, RandomGenerator random) {
        this.catalog = catalog;
        this.client = client;
        this.tried = tried;
        this.random = random;
    }

    /** The way of a first attempt. */
    public static Way choose(Catalog catalog, Workload client, Destination destination, RandomGenerator random) {
        return choose(catalog, client, destination, Set.of(), random);
    }

    /**
     * The way of a further attempt: nothing is dialled again whose uid is in {@code tried}, and an endpoint that leads
     * nowhere without it is passed over.
     */
    public static Way choose(
            Catalog catalog, Workload client, Destination destination, Set<String> tried, RandomGenerator random) {
        return new EndpointChoice(catalog, client, Set.copyOf(tried), random).wayTo(destination);
    }

    /** The way to one endpoint of a service, whatever stands beside it. */
    public static Way wayTo(
            Catalog catalog,
            Workload client,
            Service service,
            Workload endpoint,
            Destination destination,
            RandomGenerator random) {
        return new EndpointChoice(catalog, client, Set.of(), random).toPicked(endpoint, service, destination);
    }

    private Way wayTo(Destination destination) {
        return switch (destination) {
            case Destination.ByName name ->
                visible(catalog.servicesNamed(name.hostname()))
                        .map(service -> toService(service, name))
                        .orElseGet(() -> new Way.None(Way.Reason.UNKNOWN_HOST, name.toString()));
            case Destination.ByAddress target ->
                visible(catalog.servicesAt(new NetworkAddress(
                                client.network(), target.address().ip())))
                        .map(service -> toService(service, target))
                        .orElseGet(() -> toAddress(target));
        };
    }

    /** Several services may share a name or an address: hidden ones out, then own namespace, then canonical, then any. */
    private Optional<Service> visible(List<Service> services) {
        return services.stream()
                .filter(service -> !service.namespacePrivate() || isOwnNamespace(service))
                .min(Comparator.comparing((Service service) -> !isOwnNamespace(service))
                        .thenComparing(service -> !service.canonical())
                        .thenComparing(Service::name));
    }

    private boolean isOwnNamespace(Service service) {
        return service.name().namespace().equals(client.namespace());
    }

    private Way toService(Service service, Destination asked) {
        if (service.waypoint().isPresent()) {
            return toWaypoint(service.waypoint().get(), Optional.of(service), asked);
        }
        if (service.loadBalancing().mode() == LoadBalancing.Mode.PASSTHROUGH) {
            return asked instanceof Destination.ByAddress(SocketAddress address)
                    ? new Way.Plain(new Hop.At(address), Optional.empty())
                    : new Way.None(Way.Reason.NO_HEALTHY_UPSTREAM, service.name() + " passes through by address only");
        }
        return toEndpoint(service, asked);
    }

    private Way toEndpoint(Service service, Destination asked) {
        if (service.port(asked.port()).isEmpty()) {
            return new Way.None(Way.Reason.NO_HEALTHY_UPSTREAM, service.name() + " has no port " + asked.port());
        }
        List<Workload> left = new ArrayList<>(EndpointRanks.eligible(catalog, service, asked.port(), client, tried));
        while (true) {
            Optional<Workload> picked = EndpointRanks.pick(left, service.loadBalancing(), client, random);
            if (picked.isEmpty()) {
                return new Way.None(Way.Reason.NO_HEALTHY_UPSTREAM, service.name() + ":" + asked.port());
            }
            Way way = toPicked(picked.get(), service, asked);
            if (tried.isEmpty() || !(way instanceof Way.None)) {
                return way;
            }
            left.remove(picked.get());
        }
    }

    private Way toPicked(Workload endpoint, Service service, Destination asked) {
        if (!endpoint.network().equals(client.network())) {
            return throughGateway(endpoint, service, service, asked.port());
        }
        return toWorkload(
                endpoint,
                EndpointRanks.portAt(endpoint, service, asked.port()),
                asked,
                expected(service.subjectAltNames(), endpoint),
                Optional.of(service.name()));
    }

    /** An address that belongs to no service: a workload of the own network, or nothing that we know. */
    private Way toAddress(Destination.ByAddress asked) {
        Optional<Workload> found = catalog.workloadAt(
                new NetworkAddress(client.network(), asked.address().ip()));
        if (found.isEmpty()) {
            return new Way.Plain(new Hop.At(asked.address()), Optional.empty());
        }
        Workload workload = found.get();
        if (workload.waypoint().isPresent()) {
            return toWaypoint(workload.waypoint().get(), Optional.empty(), asked);
        }
        if (tried.contains(workload.uid())) {
            return new Way.None(Way.Reason.NO_HEALTHY_UPSTREAM, asked + " was tried");
        }
        return toWorkload(workload, asked.port(), asked, List.of(workload.identity()), Optional.empty());
    }

    private Way toWorkload(
            Workload workload, int port, Destination asked, List<SpiffeId> expected, Optional<ServiceName> service) {
        return switch (workload.tunnel()) {
            case NONE -> new Way.Plain(hop(workload, port, asked), Optional.of(workload));
            case HBONE -> new Way.Direct(workload, hop(workload, HBONE_PORT, asked), port, expected, service);
        };
    }

    private Way toWaypoint(GatewayRef waypoint, Optional<Service> target, Destination asked) {
        Optional<Found> found = resolve(waypoint);
        if (found.isEmpty()) {
            return new Way.None(Way.Reason.UNKNOWN_WAYPOINT, waypoint.toString());
        }
        Workload chosen = found.get().workload();
        if (chosen.network().equals(client.network())) {
            return new Way.ViaWaypoint(
                    chosen,
                    hop(chosen, found.get().port(), asked),
                    asked.toString(),
                    found.get().expected(),
                    target.map(Service::name));
        }
        if (target.isEmpty()) {
            return new Way.None(Way.Reason.NOT_A_SERVICE, asked + " behind a waypoint in " + chosen.network());
        }
        return throughGateway(chosen, target.get(), found.get().service().orElse(target.get()), asked.port());
    }

    /** Nothing asks for the gateway to be in the workload's network: a local one may relay. */
    private Way throughGateway(Workload endpoint, Service target, Service answering, int port) {
        if (endpoint.networkGateway().isEmpty()) {
            return new Way.None(Way.Reason.NO_NETWORK_GATEWAY, endpoint.uid());
        }
        Optional<Found> found = resolve(endpoint.networkGateway().get());
        if (found.isEmpty()) {
            return new Way.None(
                    Way.Reason.UNKNOWN_NETWORK_GATEWAY,
                    endpoint.networkGateway().get().toString());
        }
        if (answering.subjectAltNames().isEmpty()) {
            return new Way.None(
                    Way.Reason.NO_EXPECTED_IDENTITY, answering.name().toString());
        }
        Workload gateway = found.get().workload();
        return new Way.ViaGateway(
                gateway,
                hop(gateway, found.get().port()),
                found.get().expected(),
                endpoint,
                target.name(),
                target.name().hostname() + ":" + port,
                answering.subjectAltNames());
    }

    /** A gateway or waypoint in the catalog: its service first, which balances over its endpoints, then a single workload. */
    private Optional<Found> resolve(GatewayRef ref) {
        return switch (ref) {
            case GatewayRef.ByHostname(ServiceName name, int port) ->
                Optional.ofNullable(catalog.services().get(name))
                        .map(service -> ofService(service, port))
                        .orElseGet(() -> single(named(name), port));
            case GatewayRef.ByAddress(NetworkAddress address, int port) ->
                visible(catalog.servicesAt(address))
                        .map(service -> ofService(service, port))
                        .orElseGet(() -> single(catalog.workloadAt(address), port));
        };
    }

    private Optional<Found> ofService(Service service, int port) {
        return EndpointRanks.pick(
                        EndpointRanks.eligible(catalog, service, port, client, tried),
                        service.loadBalancing(),
                        client,
                        random)
                .map(workload -> new Found(
                        workload,
                        EndpointRanks.portAt(workload, service, port),
                        expected(service.subjectAltNames(), workload),
                        Optional.of(service)));
    }

    private Optional<Found> single(Optional<Workload> workload, int port) {
        return workload.filter(it -> !tried.contains(it.uid()))
                .map(it -> new Found(it, port, List.of(it.identity()), Optional.empty()));
    }

    private Optional<Workload> named(ServiceName name) {
        return catalog.workloads().values().stream()
                .filter(workload -> workload.namespace().equals(name.namespace())
                        && workload.hostname().equals(Optional.of(name.hostname())))
                .min(Comparator.comparing(Workload::uid));
    }

    /** The requested address if the workload has it, else one of the family asked for, else any, else its name. */
    private Hop hop(Workload workload, int port, Destination asked) {
        if (asked instanceof Destination.ByAddress(SocketAddress address)) {
            if (workload.addresses().contains(address.ip())) {
                return new Hop.At(new SocketAddress(address.ip(), port));
            }
            return hop(workload, port, address.ip().isV6());
        }
        return hop(workload, port);
    }

    private Hop hop(Workload workload, int port) {
        boolean v6 =
                !client.addresses().isEmpty() && client.addresses().getFirst().isV6();
        return hop(workload, port, v6);
    }

    private static Hop hop(Workload workload, int port, boolean v6) {
        return workload.addresses().stream()
                .min(Comparator.comparing(ip -> ip.isV6() != v6))
                .<Hop>map(ip -> new Hop.At(new SocketAddress(ip, port)))
                .orElseGet(() -> new Hop.Named(workload.hostname().orElse(""), port));
    }

    /** Names of the service first, then the workload's own: ztunnel's order, which is part of its pool key. */
    private static List<SpiffeId> expected(List<SpiffeId> ofService, Workload workload) {
        return Stream.concat(ofService.stream(), Stream.of(workload.identity()))
                .distinct()
                .toList();
    }

    /** A gateway or waypoint that can be dialled. */
    private record Found(Workload workload, int port, List<SpiffeId> expected, Optional<Service> service) {}
}
