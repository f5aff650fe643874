package io.beringia.discovery.merge;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.ExportedAuthority;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.Shares;
import io.beringia.discovery.catalog.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One view, for one audience: what its clients are told. Pure; equal views give equal catalogs. */
public final class Projection {
    private final FederationView view;
    private final Audience audience;
    private final ClusterState own;
    private final SplitHorizon horizon;
    private final Map<ServiceName, Long> localCapacities;
    private final LocalRows rows;

    private Projection(FederationView view, Audience audience, ClusterState own, Optional<GatewayRef> relay) {
        this.view = view;
        this.audience = audience;
        this.own = own;
        this.horizon = new SplitHorizon(view, own, relay);
        this.localCapacities = localCapacities(view.objects().workloads());
        this.rows = new LocalRows(view, own);
    }

    /**
     * Any thread.
     *
     * @param relay our own gateway's service, as clients name it; without one, relay mode is served as direct mode
     */
    public static Catalog of(FederationView view, Audience audience, Optional<GatewayRef> relay) {
        return view.ownState()
                .map(own -> reached(own, view.overrides()))
                .map(own -> new Projection(view, audience, own, relay.filter(it -> isRelayed(audience, own))).catalog())
                .orElseGet(() -> onlyOwnObjects(view));
    }

    /** Without a gateway of our own that could carry anything, clients dial those of the other networks themselves. */
    private static boolean isRelayed(Audience audience, ClusterState own) {
        return audience.mode() == Audience.Mode.RELAY
                && own.gateways().stream().anyMatch(gateway -> gateway.health() == Health.HEALTHY);
    }

    /** Gateways that no sibling reaches carry nothing; unless that is all of them, which is more likely our own mistake. */
    private static ClusterState reached(ClusterState own, LocalOverrides overrides) {
        List<GatewayAddress> gateways = own.gateways().stream()
                .map(it -> overrides.shutGateways().contains(it.name()) ? it.as(Health.UNHEALTHY) : it)
                .toList();
        return gateways.stream().anyMatch(it -> it.health() == Health.HEALTHY) ? own.with(gateways) : own;
    }

    private static Catalog onlyOwnObjects(FederationView view) {
        return Catalog.of(
                view.revision(),
                view.planVersion(),
                view.objects().workloads(),
                view.objects().services(),
                view.objects().policies(),
                List.of(),
                List.of(),
                List.of());
    }

    private Catalog catalog() {
        List<Workload> workloads = new ArrayList<>();
        view.objects().workloads().forEach(it -> workloads.add(withoutMoved(reached(it))));
        Map<ServiceName, Service> services = new TreeMap<>();
        view.objects().services().forEach(it -> services.put(it.name(), it));
        for (FederatedService service : new TreeMap<>(view.services()).values()) {
            services.put(service.name(), merged(service, Optional.ofNullable(services.get(service.name()))));
            workloads.addAll(
                    horizon.workloads(service, split(service), localCapacities.getOrDefault(service.name(), 0L)));
        }
        horizon.gateways(workloads, services);
        boolean isGateway = audience.kind() == Audience.Kind.GATEWAY;
        return Catalog.of(
                view.revision(),
                view.planVersion(),
                workloads,
                services.values(),
                view.objects().policies(),
                isGateway ? view.objects().exported() : List.<ExportedAuthority>of(),
                isGateway ? relayTargets() : List.of(),
                isGateway ? clusters() : List.of());
    }

    private Service merged(FederatedService service, Optional<Service> local) {
        return new Service(
                service.name(),
                Stream.concat(
                                local.map(Service::addresses).orElse(List.of()).stream(),
                                view.objects().vips().getOrDefault(service.name(), List.of()).stream())
                        .toList(),
                service.ports().stream()
                        .filter(port -> port.protocol() == Export.Protocol.TCP)
                        .map(port -> new ServicePort(port.port(), port.target()))
                        .toList(),
                service.identities(),
                local.flatMap(Service::waypoint),
                balancing(service, local),
                true,
                local.map(Service::namespacePrivate).orElse(false));
    }

    /** While a plan weighs a service, all of its endpoints stand in one rank: weights act only within one. */
    private LoadBalancing balancing(FederatedService service, Optional<Service> local) {
        return switch (split(service)) {
            case ShareRules.Split.LocalFirst localFirst ->
                local.map(Service::loadBalancing).orElse(LoadBalancing.LOCAL_FIRST);
            case ShareRules.Split.Mixed mixed -> LoadBalancing.STANDARD;
            case ShareRules.Split.Moved moved -> LoadBalancing.STANDARD;
        };
    }

    private ShareRules.Split split(FederatedService service) {
        LocalRows.Ruling ruling = rows.of(service);
        return ShareRules.split(ruling.row(), own.region(), ruling.overrides());
    }

    private static Map<ServiceName, Long> localCapacities(List<Workload> workloads) {
        Map<ServiceName, Long> capacities = new HashMap<>();
        for (Workload workload : workloads) {
            if (workload.health() == Health.HEALTHY) {
                workload.services().keySet().forEach(name -> capacities.merge(name, workload.capacity(), Long::sum));
            }
        }
        return capacities;
    }

    /** A pod leaves the services that moved away; one that has no other is given nothing at all. */
    private Workload withoutMoved(Workload it) {
        Set<ServiceName> moved =
                it.services().keySet().stream().filter(this::isMoved).collect(Collectors.toSet());
        if (moved.isEmpty() || audience.kind() == Audience.Kind.GATEWAY) {
            return it;
        }
        if (moved.size() == it.services().size()) {
            return changed(it, it.services(), Health.UNHEALTHY);
        }
        Map<ServiceName, List<ServicePort>> kept = new HashMap<>(it.services());
        kept.keySet().removeAll(moved);
        return changed(it, kept, it.health());
    }

    /** One of our gateways that is shut stays known, so that proxies drop what they have to it. */
    private Workload reached(Workload it) {
        boolean isShut = audience.kind() != Audience.Kind.GATEWAY
                && own.gateways().stream()
                        .anyMatch(gateway -> gateway.health() == Health.UNHEALTHY && isOf(gateway, it));
        return isShut ? changed(it, it.services(), Health.UNHEALTHY) : it;
    }

    private static boolean isOf(GatewayAddress gateway, Workload it) {
        return gateway.name().equals(it.name())
                && it.addresses().contains(gateway.address().ip());
    }

    private boolean isMoved(ServiceName service) {
        FederatedService federated = view.services().get(service);
        return federated != null && split(federated) instanceof ShareRules.Split.Moved;
    }

    private static Workload changed(Workload it, Map<ServiceName, List<ServicePort>> services, Health health) {
        return new Workload(
                it.uid(),
                it.name(),
                it.namespace(),
                it.addresses(),
                it.hostname(),
                it.network(),
                it.tunnel(),
                it.trustDomain(),
                it.serviceAccount(),
                it.waypoint(),
                it.networkGateway(),
                it.description(),
                it.proxyProtocolPort(),
                services,
                it.policies(),
                health,
                it.cluster(),
                it.locality(),
                it.hostNetwork(),
                it.capacity());
    }

    private List<RelayTarget> relayTargets() {
        return view.services().values().stream()
                .map(service -> new RelayTarget(
                        service.name(),
                        Set.of(),
                        service.parts().stream()
                                .filter(part -> !part.cluster().equals(own.cluster()))
                                .sorted((a, b) -> a.cluster().compareTo(b.cluster()))
                                .map(part -> target(service, part))
                                .toList(),
                        service.onFailure()))
                .filter(target -> !target.parts().isEmpty())
                .toList();
    }

    private RelayTarget.Part target(FederatedService service, FederatedService.Part part) {
        return new RelayTarget.Part(
                part.cluster(),
                new HashSet<>(part.export().ports().stream()
                        .filter(port -> port.protocol() == Export.Protocol.TCP)
                        .map(Export.ExportedPort::port)
                        .toList()),
                view.capacity(part),
                share(service, part));
    }

    /** A region's share goes to its clusters by what each can serve. */
    private OptionalInt share(FederatedService service, FederatedService.Part part) {
        Optional<Shares> row = rows.of(service).row().filter(it -> it.of(own.region()) < Shares.WHOLE);
        ClusterState cluster = view.clusters().get(part.cluster());
        if (row.isEmpty() || cluster == null) {
            return OptionalInt.empty();
        }
        long regionReady = horizon.regionReady(service, cluster.region());
        return OptionalInt.of(
                regionReady == 0
                        ? 0
                        : (int) Math.round(
                                row.get().of(cluster.region()) * ((double) view.capacity(part) / regionReady)));
    }

    private List<ClusterState> clusters() {
        return view.clusters().values().stream()
                .map(it -> new ClusterState(
                        it.cluster(),
                        it.region(),
                        it.network(),
                        it.trustDomains(),
                        it.gateways(),
                        view.status(it),
                        it.freshness()))
                .toList();
    }
}
