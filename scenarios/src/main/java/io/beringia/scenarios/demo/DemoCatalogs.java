package io.beringia.scenarios.demo;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.ExportedAuthority;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Locality;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.NetworkAddress;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Workload;
import io.beringia.trust.identity.SpiffeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the hosts and the gateways of one region know, for runs in which nobody discovers anything. Pure. */
final class DemoCatalogs {
    private static final ServiceName GATEWAY_SERVICE =
            new ServiceName("beringia-system", "gateway.beringia-system.svc.cluster.local");
    /** Weight of one ready endpoint. */
    private static final long CAPACITY = 1_000;

    private final DemoRegion region;

    private DemoCatalogs(DemoRegion region) {
        this.region = region;
    }

    /** As a ztunnel in relay mode sees the mesh: its own workloads, and one stand-in for all that is elsewhere. */
    static Catalog ofHosts(DemoRegion region) {
        DemoCatalogs view = new DemoCatalogs(region);
        List<Workload> workloads = new ArrayList<>(view.ownWorkloads());
        workloads.addAll(view.gatewayWorkloads());
        DemoService.all().forEach(service -> workloads.add(view.elsewhere(service)));
        List<Service> services = new ArrayList<>(view.services());
        services.add(view.gatewayService());
        return Catalog.of(1, PlanVersion.NONE, workloads, services, List.of(), List.of(), List.of(), List.of());
    }

    /** As a gateway sees it: its own workloads, what may be called through it, and where else there is more. */
    static Catalog ofGateways(DemoRegion region) {
        DemoCatalogs view = new DemoCatalogs(region);
        return Catalog.of(
                1,
                PlanVersion.NONE,
                view.ownWorkloads(),
                view.services(),
                List.of(),
                DemoService.all().stream().map(view::exported).toList(),
                DemoService.all().stream().map(view::relayTarget).toList(),
                DemoRegion.ALL.stream().map(DemoCatalogs::state).toList());
    }

    private List<Workload> ownWorkloads() {
        return List.of(server(), client());
    }

    private Workload server() {
        return Workload.named(region.uid("demo", "echo-0"), "demo", "echo-0", region.cluster(), region.network())
                .addresses(List.of(region.server()))
                .identity(DemoRegion.TRUST_DOMAIN, "echo-" + region.cluster())
                .locality(locality())
                .services(portsOfAll())
                .proxyProtocolPort(DemoRegion.ECHO_PORT)
                .capacity(CAPACITY)
                .build();
    }

    private Workload client() {
        return Workload.named(region.uid("demo", "web-0"), "demo", "web-0", region.cluster(), region.network())
                .addresses(List.of(region.client()))
                .identity(DemoRegion.TRUST_DOMAIN, "web-" + region.cluster())
                .locality(locality())
                .build();
    }

    private List<Workload> gatewayWorkloads() {
        return IntStream.range(0, DemoRegion.GATEWAYS)
                .mapToObj(index -> Workload.named(
                                region.uid("beringia-system", "gateway-" + index),
                                "beringia-system",
                                "gateway-" + index,
                                region.cluster(),
                                region.network())
                        .addresses(List.of(region.gateway(index)))
                        .identity(DemoRegion.TRUST_DOMAIN, "gateway-" + region.cluster())
                        .tunnel(Workload.Tunnel.NONE)
                        .locality(locality())
                        .services(Map.of(
                                GATEWAY_SERVICE,
                                List.of(new ServicePort(DemoRegion.RELAY_PORT, DemoRegion.RELAY_PORT))))
                        .build())
                .toList();
    }

    private Workload elsewhere(DemoService service) {
        Network relay = new Network("relay." + region.cluster());
        return Workload.named(
                        relay + "/SplitHorizonWorkload/beringia-system/gateway/" + region.cluster() + "/"
                                + service.serviceName(),
                        "demo",
                        service.word() + "-elsewhere",
                        region.cluster(),
                        relay)
                .identity(DemoRegion.TRUST_DOMAIN, "echo-" + region.other().cluster())
                .networkGateway(new GatewayRef.ByHostname(GATEWAY_SERVICE, DemoRegion.RELAY_PORT))
                .services(ports(service))
                .capacity(CAPACITY)
                .build();
    }

    private List<Service> services() {
        return DemoService.all().stream().map(this::service).toList();
    }

    private Service service(DemoService service) {
        return new Service(
                service.serviceName(),
                List.of(),
                List.of(new ServicePort(DemoService.PORT, DemoRegion.ECHO_PORT)),
                servers(),
                Optional.empty(),
                service.loadBalancing(),
                true,
                false);
    }

    private Service gatewayService() {
        return new Service(
                GATEWAY_SERVICE,
                List.<NetworkAddress>of(),
                List.of(new ServicePort(DemoRegion.RELAY_PORT, DemoRegion.RELAY_PORT)),
                List.of(region.gatewayIdentity()),
                Optional.empty(),
                LoadBalancing.STANDARD,
                true,
                false);
    }

    /** Identities of the endpoints in all regions, ours included: a relay may fall back to them. */
    private static List<SpiffeId> servers() {
        return DemoRegion.ALL.stream().map(DemoRegion::serverIdentity).sorted().toList();
    }

    private ExportedAuthority exported(DemoService service) {
        return new ExportedAuthority(
                service.serviceName(),
                Set.of(DemoService.PORT),
                Set.of(region.other().cluster()),
                Set.of());
    }

    private RelayTarget relayTarget(DemoService service) {
        RelayTarget.Part part =
                new RelayTarget.Part(region.other().cluster(), Set.of(DemoService.PORT), CAPACITY, OptionalInt.empty());
        return new RelayTarget(service.serviceName(), Set.of(), List.of(part), RelayTarget.OnFailure.RESET);
    }

    private static ClusterState state(DemoRegion region) {
        return new ClusterState(
                region.cluster(),
                region.region(),
                region.network(),
                Set.of(DemoRegion.TRUST_DOMAIN),
                IntStream.range(0, DemoRegion.GATEWAYS)
                        .mapToObj(index -> gateway(region, index))
                        .toList(),
                RegionStatus.ACTIVE,
                new Freshness.Live());
    }

    private static GatewayAddress gateway(DemoRegion region, int index) {
        return new GatewayAddress(
                region.cluster(),
                region.region(),
                region.network(),
                "gateway-" + index,
                new SocketAddress(region.gateway(index), DemoRegion.HBONE_PORT),
                region.gatewayIdentity(),
                Health.HEALTHY,
                1);
    }

    private Locality locality() {
        return new Locality(region.region().name(), region.region() + "a", "");
    }

    private static Map<ServiceName, List<ServicePort>> portsOfAll() {
        return DemoService.all().stream()
                .map(DemoCatalogs::ports)
                .flatMap(ports -> ports.entrySet().stream())
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Map<ServiceName, List<ServicePort>> ports(DemoService service) {
        return Map.of(service.serviceName(), List.of(new ServicePort(DemoService.PORT, DemoRegion.ECHO_PORT)));
    }
}
