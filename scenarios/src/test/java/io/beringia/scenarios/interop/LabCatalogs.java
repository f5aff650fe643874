package io.beringia.scenarios.interop;

import static io.beringia.scenarios.interop.LabIdentities.CLUSTER_EAST;
import static io.beringia.scenarios.interop.LabIdentities.CLUSTER_WEST;
import static io.beringia.scenarios.interop.LabIdentities.ECHO;
import static io.beringia.scenarios.interop.LabIdentities.GATEWAY_EAST;
import static io.beringia.scenarios.interop.LabIdentities.GATEWAY_WEST;
import static io.beringia.scenarios.interop.LabIdentities.MACHINE;
import static io.beringia.scenarios.interop.LabIdentities.NETWORK_EAST;
import static io.beringia.scenarios.interop.LabIdentities.NETWORK_WEST;
import static io.beringia.scenarios.interop.LabIdentities.REGION_EAST;
import static io.beringia.scenarios.interop.LabIdentities.REGION_WEST;
import static io.beringia.scenarios.interop.LabIdentities.SERVER;
import static io.beringia.scenarios.interop.LabIdentities.TRUST_DOMAIN;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.ExportedAuthority;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.NetworkAddress;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.Policy;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Workload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/** What our gateways know. Pure. */
final class LabCatalogs {
    private static final long CAPACITY = 1_000;
    private static final List<ServicePort> PORTS =
            List.of(new ServicePort(LabAddresses.SERVICE_PORT, LabAddresses.ECHO_PORT));

    private LabCatalogs() {}

    /** Clients here, the service in the west, behind gateways at these addresses. */
    static Catalog east(String... gatewaysOfWest) {
        return eastKnowing(Stream.of(gatewaysOfWest)
                .map(address -> gatewayOfWest(address, Health.HEALTHY))
                .toList());
    }

    /** The same, where one of the gateways is not well. */
    static Catalog eastWithUnhealthy(String unhealthy, String... others) {
        return eastKnowing(Stream.concat(
                        Stream.of(gatewayOfWest(unhealthy, Health.UNHEALTHY)),
                        Stream.of(others).map(address -> gatewayOfWest(address, Health.HEALTHY)))
                .toList());
    }

    private static Catalog eastKnowing(List<GatewayAddress> gatewaysOfWest) {
        Workload client = Workload.named("east-1//Pod/demo/web-0", "demo", "web-0", CLUSTER_EAST, NETWORK_EAST)
                .addresses(List.of(IpAddress.parse(LabAddresses.CLIENT)))
                .identity(TRUST_DOMAIN, "web")
                .build();
        RelayTarget.Part part =
                new RelayTarget.Part(CLUSTER_WEST, Set.of(LabAddresses.SERVICE_PORT), CAPACITY, OptionalInt.empty());
        RelayTarget echo = new RelayTarget(ECHO, Set.of(), List.of(part), RelayTarget.OnFailure.RESET);
        return Catalog.of(
                1,
                PlanVersion.NONE,
                List.of(client),
                List.of(service()),
                List.of(),
                List.of(),
                List.of(echo),
                clusters(gatewaysOfWest));
    }

    /** The service, and leave for the east to call it. */
    static Catalog west() {
        return west(List.of(server()), service());
    }

    /** The same, where the service is entered by a waypoint of the west. */
    static Catalog westWithWaypoint() {
        GatewayRef ref = new GatewayRef.ByAddress(
                new NetworkAddress(NETWORK_WEST, IpAddress.parse(LabAddresses.HOST)), LabAddresses.HBONE_PORT);
        Service entered = new Service(
                ECHO,
                List.of(),
                PORTS,
                List.of(SERVER, LabIdentities.WAYPOINT),
                Optional.of(ref),
                LoadBalancing.STANDARD,
                true,
                false);
        return west(List.of(server(), waypointPod().build()), entered);
    }

    /** The waypoint's own. It stands for its service, so that its ports are those. */
    static Catalog waypoint() {
        return Catalog.of(
                1,
                PlanVersion.NONE,
                List.of(waypointPod().services(Map.of(ECHO, PORTS)).build()),
                List.of(service()),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    private static Workload.Builder waypointPod() {
        return Workload.named(LabIdentities.WAYPOINT_UID, "demo", "waypoint-0", CLUSTER_WEST, NETWORK_WEST)
                .addresses(List.of(IpAddress.parse(LabAddresses.HOST)))
                .identity(TRUST_DOMAIN, "waypoint");
    }

    private static Catalog west(List<Workload> workloads, Service service) {
        ExportedAuthority echo =
                new ExportedAuthority(ECHO, Set.of(LabAddresses.SERVICE_PORT), Set.of(CLUSTER_EAST), Set.of());
        return Catalog.of(
                1,
                PlanVersion.NONE,
                workloads,
                List.of(service),
                List.of(),
                List.of(echo),
                List.of(),
                clusters(List.of(gatewayOfWest(LabAddresses.WEST, Health.HEALTHY))));
    }

    /** A host in the west that calls the service: one tunnel to the ztunnel beside it. */
    static Catalog caller() {
        Workload caller = Workload.named(LabIdentities.CALLER_UID, "demo", "caller", CLUSTER_WEST, NETWORK_WEST)
                .addresses(List.of(IpAddress.parse(LabAddresses.CALLER)))
                .identity(TRUST_DOMAIN, "caller")
                .build();
        Service echo = new Service(
                ECHO,
                List.of(new NetworkAddress(NETWORK_WEST, IpAddress.parse(LabAddresses.SERVICE))),
                PORTS,
                List.of(SERVER),
                Optional.empty(),
                LoadBalancing.STANDARD,
                true,
                false);
        return Catalog.of(
                1,
                PlanVersion.NONE,
                List.of(caller, server()),
                List.of(echo),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    /** A host's own: two ports, of which a policy denies one to the client. */
    static Catalog host() {
        List<ServicePort> ports = List.of(
                new ServicePort(LabAddresses.SERVICE_PORT, LabAddresses.ECHO_PORT),
                new ServicePort(LabAddresses.DENIED_PORT, LabAddresses.DENIED_ECHO_PORT));
        Workload host = Workload.named(LabIdentities.HOST_UID, "demo", "machine", CLUSTER_EAST, NETWORK_EAST)
                .addresses(List.of(IpAddress.parse(LabAddresses.HOST)))
                .identity(TRUST_DOMAIN, "machine")
                .services(Map.of(MACHINE, ports))
                .capacity(CAPACITY)
                .build();
        Service machine = new Service(
                MACHINE,
                List.of(),
                ports,
                List.of(LabIdentities.HOST),
                Optional.empty(),
                LoadBalancing.STANDARD,
                true,
                false);
        return Catalog.of(
                1,
                PlanVersion.NONE,
                List.of(host),
                List.of(machine),
                List.of(denial()),
                List.of(),
                List.of(),
                List.of());
    }

    private static Workload server() {
        return Workload.named("west-1//Pod/demo/echo-0", "demo", "echo-0", CLUSTER_WEST, NETWORK_WEST)
                .addresses(List.of(IpAddress.parse(LabAddresses.SERVER)))
                .identity(TRUST_DOMAIN, "echo")
                .services(Map.of(ECHO, PORTS))
                .capacity(CAPACITY)
                .build();
    }

    private static Policy denial() {
        Policy.Match client = Policy.Match.ofPrincipals(List.of(new Policy.Text.Exact("cluster.local/ns/demo/sa/web")));
        Policy.Match port = new Policy.Match(
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(LabAddresses.DENIED_ECHO_PORT),
                List.of(),
                List.of(),
                List.of());
        return new Policy(
                "demo",
                "deny-web",
                Policy.Scope.NAMESPACE,
                Policy.Action.DENY,
                List.of(new Policy.Rule(List.of(new Policy.Clause(List.of(client)), new Policy.Clause(List.of(port))))),
                false);
    }

    private static Service service() {
        return new Service(
                ECHO, List.of(), PORTS, List.of(SERVER), Optional.empty(), LoadBalancing.STANDARD, true, false);
    }

    private static List<ClusterState> clusters(List<GatewayAddress> gatewaysOfWest) {
        ClusterState east = new ClusterState(
                CLUSTER_EAST,
                REGION_EAST,
                NETWORK_EAST,
                Set.of(TRUST_DOMAIN),
                List.of(gatewayOfEast(LabAddresses.EAST), gatewayOfEast(LabAddresses.EAST_HEDGING)),
                RegionStatus.ACTIVE,
                new Freshness.Live());
        ClusterState west = new ClusterState(
                CLUSTER_WEST,
                REGION_WEST,
                NETWORK_WEST,
                Set.of(TRUST_DOMAIN),
                gatewaysOfWest,
                RegionStatus.ACTIVE,
                new Freshness.Live());
        return List.of(east, west);
    }

    private static GatewayAddress gatewayOfEast(String address) {
        return new GatewayAddress(
                CLUSTER_EAST,
                REGION_EAST,
                NETWORK_EAST,
                "gateway-" + address,
                new SocketAddress(IpAddress.parse(address), LabAddresses.HBONE_PORT),
                GATEWAY_EAST,
                Health.HEALTHY,
                1);
    }

    private static GatewayAddress gatewayOfWest(String address, Health health) {
        return new GatewayAddress(
                CLUSTER_WEST,
                REGION_WEST,
                NETWORK_WEST,
                "gateway-" + address,
                new SocketAddress(IpAddress.parse(address), LabAddresses.HBONE_PORT),
                GATEWAY_WEST,
                health,
                1);
    }
}
