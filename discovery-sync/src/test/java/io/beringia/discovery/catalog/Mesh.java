package io.beringia.discovery.catalog;

import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A small mesh to write tests in: networks west and east, one trust domain, services on port 80. */
final class Mesh {
    static final TrustDomain DOMAIN = new TrustDomain("cluster.local");
    static final Network WEST = new Network("west");
    static final Network EAST = new Network("east");
    static final ServiceName ECHO = new ServiceName("demo", "echo.demo.svc.cluster.local");
    static final ServiceName GATEWAY = new ServiceName("beringia", "gateway.beringia.svc.cluster.local");
    static final ServiceName WAYPOINT = new ServiceName("demo", "waypoint.demo.svc.cluster.local");
    static final IpAddress VIP = IpAddress.parse("10.96.0.10");
    static final Workload CLIENT = workload("client", "shop", WEST)
            .addresses(List.of(IpAddress.parse("10.1.0.1")))
            .locality(new Locality("us-west", "a", ""))
            .build();

    private final List<Workload> workloads = new ArrayList<>(List.of(CLIENT));
    private final List<Service> services = new ArrayList<>();
    private final List<Policy> policies = new ArrayList<>();

    static Workload.Builder workload(String name, String namespace, Network network) {
        return Workload.named("c1//Pod/" + namespace + "/" + name, namespace, name, new ClusterId("c1"), network)
                .identity(DOMAIN, name);
    }

    /** A pod of {@link #ECHO} on target port 8080. */
    static Workload.Builder echo(String name, Network network, String ip) {
        return workload(name, "demo", network)
                .addresses(List.of(IpAddress.parse(ip)))
                .services(Map.of(ECHO, List.of(new ServicePort(80, 8080))));
    }

    /** All of {@link #ECHO} in the other network, behind {@link #GATEWAY}. */
    static Workload.Builder echoElsewhere(String name) {
        return workload(name, "demo", EAST)
                .networkGateway(new GatewayRef.ByHostname(GATEWAY, 15_008))
                .services(Map.of(ECHO, List.of(new ServicePort(80, 8080))));
    }

    static Workload.Builder gateway(String name, String ip) {
        return workload(name, "beringia", EAST)
                .tunnel(Workload.Tunnel.NONE)
                .addresses(List.of(IpAddress.parse(ip)))
                .services(Map.of(GATEWAY, List.of(new ServicePort(15_008, 16_008))));
    }

    static Service gatewayService() {
        return service(GATEWAY, List.of(new ServicePort(15_008, 16_008)), List.of(id("beringia", "gateway-c2")));
    }

    static Service echoService(LoadBalancing balancing) {
        return new Service(
                ECHO,
                List.of(new NetworkAddress(WEST, VIP)),
                List.of(new ServicePort(80, 8080)),
                List.of(id("demo", "echo")),
                Optional.empty(),
                balancing,
                true,
                false);
    }

    static Service service(ServiceName name, List<ServicePort> ports, List<SpiffeId> names) {
        return new Service(name, List.of(), ports, names, Optional.empty(), LoadBalancing.STANDARD, false, false);
    }

    static SpiffeId id(String namespace, String account) {
        return SpiffeId.ofWorkload(DOMAIN, namespace, account);
    }

    Mesh with(Workload.Builder... them) {
        for (Workload.Builder builder : them) {
            workloads.add(builder.build());
        }
        return this;
    }

    Mesh with(Service... them) {
        services.addAll(List.of(them));
        return this;
    }

    Mesh with(Policy... them) {
        policies.addAll(List.of(them));
        return this;
    }

    Catalog catalog() {
        return Catalog.of(1, PlanVersion.NONE, workloads, services, policies, List.of(), List.of(), List.of());
    }
}
