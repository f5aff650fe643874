package io.beringia.discovery.merge;

import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Locality;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.Workload;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What stands for other networks: per service, remote cluster and region one workload without addresses, behind the
 * gateways of its network; in relay mode one per service, behind our own gateway. What cannot serve is UNHEALTHY, so
 * that a client keeps knowing of it. Pure. Any thread.
 */
final class SplitHorizon {
    /** Port of a gateway's service that leads to its HBONE listener. */
    private static final int HBONE_PORT = 15_008;

    /** Where the services of other networks' gateways are published. */
    private static final String GATEWAY_NAMESPACE = "beringia-system";

    private static final TrustDomain ISTIO_DEFAULT = new TrustDomain("cluster.local");

    private final FederationView view;
    private final ClusterState own;
    private final Optional<GatewayRef> relay;

    SplitHorizon(FederationView view, ClusterState own, Optional<GatewayRef> relay) {
        this.view = view;
        this.own = own;
        this.relay = relay;
    }

    List<Workload> workloads(FederatedService service, ShareRules.Split split, long localCapacity) {
        List<Remote> remotes = remotes(service, split, localCapacity);
        if (relay.isPresent() && !remotes.isEmpty()) {
            return List.of(collapsed(service, remotes, relay.get()));
        }
        return remotes.stream().map(remote -> direct(service, remote)).toList();
    }

    /** A Service per remote network and a Workload per gateway of it; not needed by who goes through a relay. */
    void gateways(List<Workload> workloads, Map<ServiceName, Service> services) {
        if (relay.isPresent()) {
            return;
        }
        Map<Network, List<GatewayAddress>> byNetwork = view.clusters().values().stream()
                .filter(cluster -> !cluster.network().equals(own.network()))
                .flatMap(cluster -> cluster.gateways().stream())
                .filter(gateway -> gateway.identity().serviceAccount().isPresent())
                .collect(Collectors.groupingBy(GatewayAddress::network, TreeMap::new, Collectors.toList()));
        byNetwork.forEach((network, gateways) -> {
            services.put(gatewayService(network), service(network, gateways));
            gateways.forEach(gateway -> workload(gateway).ifPresent(workloads::add));
        });
    }

    /** Capacity that can serve in one region, over all of its clusters. */
    long regionReady(FederatedService service, RegionId region) {
        return service.parts().stream()
                .filter(part -> isIn(part, region))
                .mapToLong(view::capacity)
                .sum();
    }

    private boolean isIn(FederatedService.Part part, RegionId region) {
        ClusterState cluster = view.clusters().get(part.cluster());
        return cluster != null && cluster.region().equals(region);
    }

    /** A remote cluster's endpoints of one locality region. */
    private record Remote(ClusterState cluster, Export export, String region, OptionalLong capacity) {}

    private List<Remote> remotes(FederatedService service, ShareRules.Split split, long localCapacity) {
        List<Remote> remotes = new ArrayList<>();
        for (FederatedService.Part part : service.parts()) {
            ClusterState cluster = view.clusters().get(part.cluster());
            if (cluster != null && !cluster.network().equals(own.network())) {
                long regionReady = regionReady(service, cluster.region());
                readyByRegion(part.export())
                        .forEach((region, ready) -> remotes.add(new Remote(
                                cluster,
                                part.export(),
                                region,
                                view.status(cluster).isAllowed()
                                        ? ShareRules.capacity(
                                                split,
                                                cluster.region(),
                                                view.capacity(cluster.cluster(), ready),
                                                regionReady,
                                                localCapacity)
                                        : OptionalLong.empty())));
            }
        }
        return remotes;
    }

    private static Map<String, Long> readyByRegion(Export export) {
        Map<String, Long> ready = new TreeMap<>();
        export.capacities().forEach(capacity -> ready.merge(capacity.locality().region(), capacity.ready(), Long::sum));
        if (ready.isEmpty()) {
            ready.put("", 0L);
        }
        return ready;
    }

    private Workload direct(FederatedService service, Remote remote) {
        Network network = remote.cluster().network();
        ServiceName gateway = gatewayService(network);
        String uid = uid(network, gateway, remote.cluster(), service.name())
                + (remote.region().isEmpty() ? "" : "/" + remote.region());
        return named(uid, service, remote.cluster(), network, new GatewayRef.ByHostname(gateway, HBONE_PORT))
                .services(Map.of(service.name(), ports(service, List.of(remote.export()))))
                .locality(locality(remote))
                .health(remote.capacity().isPresent() ? Health.HEALTHY : Health.UNHEALTHY)
                .capacity(remote.capacity().orElse(1))
                .build();
    }

    /** Whoever is told to stand behind all others has no place: a known one may be nearer than theirs. */
    private Locality locality(Remote remote) {
        boolean isBehind = view.overrides().of(remote.cluster().cluster()) == StalePolicy.DEPREFERENCE;
        return isBehind ? Locality.UNKNOWN : new Locality(remote.region(), "", "");
    }

    private Workload collapsed(FederatedService service, List<Remote> remotes, GatewayRef gateway) {
        Network network = new Network("relay." + own.cluster());
        long capacity = remotes.stream()
                .mapToLong(remote -> remote.capacity().orElse(0))
                .sum();
        return named(uid(network, hostname(gateway), own, service.name()), service, own, network, gateway)
                .services(Map.of(
                        service.name(),
                        ports(service, remotes.stream().map(Remote::export).toList())))
                .health(capacity > 0 ? Health.HEALTHY : Health.UNHEALTHY)
                .capacity(Math.clamp(capacity, 1, Workload.CAPACITY_MAX))
                .build();
    }

    private static Workload.Builder named(
            String uid, FederatedService service, ClusterState source, Network network, GatewayRef gateway) {
        return Workload.named(uid, service.name().namespace(), uid, source.cluster(), network)
                .identity(source.trustDomains().stream().sorted().findFirst().orElse(ISTIO_DEFAULT), "default")
                .networkGateway(gateway);
    }

    private static String uid(Network network, ServiceName gateway, ClusterState source, ServiceName service) {
        return network + "/SplitHorizonWorkload/" + gateway + "/" + source.cluster() + "/" + service;
    }

    /** Only ports that one of the clusters has: to the others' a ztunnel must not send. */
    private static List<ServicePort> ports(FederatedService service, List<Export> exports) {
        List<ServicePort> ports = new ArrayList<>();
        for (Export.ExportedPort port : service.ports()) {
            exports.stream()
                    .filter(export -> port.protocol() == Export.Protocol.TCP && MergeRules.exposes(export, port))
                    .flatMap(export -> export.ports().stream())
                    .filter(exported -> exported.protocol() == port.protocol() && exported.port() == port.port())
                    .findFirst()
                    .ifPresent(found -> ports.add(new ServicePort(found.port(), found.target())));
        }
        return ports;
    }

    private static ServiceName gatewayService(Network network) {
        return new ServiceName(GATEWAY_NAMESPACE, network + ".gateway.beringia.internal");
    }

    private static ServiceName hostname(GatewayRef gateway) {
        return switch (gateway) {
            case GatewayRef.ByHostname named -> named.service();
            case GatewayRef.ByAddress addressed ->
                new ServiceName(GATEWAY_NAMESPACE, addressed.address().ip().toString());
        };
    }

    private static Service service(Network network, List<GatewayAddress> gateways) {
        List<SpiffeId> identities = gateways.stream()
                .map(GatewayAddress::identity)
                .distinct()
                .sorted()
                .toList();
        return new Service(
                gatewayService(network),
                List.of(),
                List.of(new ServicePort(HBONE_PORT, 0)),
                identities,
                Optional.empty(),
                LoadBalancing.STANDARD,
                false,
                false);
    }

    private static Optional<Workload> workload(GatewayAddress gateway) {
        return gateway.identity()
                .serviceAccount()
                .map(account -> Workload.named(
                                "NetworkGateway/" + gateway.network() + "/" + gateway.cluster() + "/"
                                        + account.namespace() + "/" + gateway.name() + "/" + gateway.address(),
                                account.namespace(),
                                gateway.name(),
                                gateway.cluster(),
                                gateway.network())
                        .addresses(List.of(gateway.address().ip()))
                        .tunnel(Workload.Tunnel.NONE)
                        .identity(gateway.identity().trustDomain(), account.name())
                        .services(Map.of(
                                gatewayService(gateway.network()),
                                List.of(new ServicePort(
                                        HBONE_PORT, gateway.address().port()))))
                        .health(gateway.health())
                        .capacity(gateway.weight())
                        .build());
    }
}
