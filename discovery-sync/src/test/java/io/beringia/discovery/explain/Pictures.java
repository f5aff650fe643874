package io.beringia.discovery.explain;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.ExportedAuthority;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Locality;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.NetworkAddress;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.Policy;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.Shares;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.SourceShares;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.kube.HeldKind;
import io.beringia.discovery.merge.ClusterExports;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.merge.FederationView;
import io.beringia.discovery.merge.LocalOverrides;
import io.beringia.discovery.merge.OwnObjects;
import io.beringia.discovery.merge.ShareRules;
import io.beringia.discovery.peering.PeerStatus;
import io.beringia.discovery.snapshot.ClusterSight;
import io.beringia.discovery.snapshot.ClusterSight.DataPath;
import io.beringia.discovery.snapshot.Snapshot;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the discovery of cluster east knows: {@code shop/front-1} is a client; {@code cart} is here and in west, in another
 * network and region. What is asked for differs; {@link #snapshot} puts it together. Owned by one test.
 */
final class Pictures {
    static final ClusterId EAST = new ClusterId("east");
    static final ClusterId WEST = new ClusterId("west");
    static final RegionId US_EAST = new RegionId("us-east");
    static final RegionId US_WEST = new RegionId("us-west");
    static final ServiceName CART = new ServiceName("shop", "cart.shop.svc.cluster.local");
    static final ServiceName GATEWAY = new ServiceName("beringia-system", "gateway.beringia-system.svc.cluster.local");
    static final TrustDomain DOMAIN = new TrustDomain("mesh.example");
    static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

    private ClusterId own = EAST;
    private RegionId region = US_EAST;
    private Network network = new Network("net-east");

    private final List<Policy> policies = new ArrayList<>();
    private int localReady = 2;
    private int remoteReady = 3;
    private boolean isPrivate;
    private Optional<GatewayRef> waypoint = Optional.empty();
    private boolean isExportedByWest = true;
    private boolean isRelay = true;
    private Health westGateway = Health.HEALTHY;
    private Optional<Shares> plan = Optional.empty();
    private LocalOverrides overrides = LocalOverrides.NONE;
    private Set<ClusterId> unheard = Set.of();
    private ClusterSight.Link link =
            new ClusterSight.Link(PeerStatus.Link.LIVE, Optional.of(Duration.ofMillis(300)), true);
    private DataPath path = DataPath.UP;
    private List<HeldKind> held = List.of();

    /** What another cluster's discovery knows, with the same pods. */
    Pictures of(ClusterId cluster, RegionId itsRegion, String itsNetwork) {
        own = cluster;
        region = itsRegion;
        network = new Network(itsNetwork);
        return this;
    }

    private ClusterId other() {
        return own.equals(WEST) ? EAST : WEST;
    }

    private RegionId otherRegion() {
        return own.equals(WEST) ? US_EAST : US_WEST;
    }

    Pictures localReady(int pods) {
        localReady = pods;
        return this;
    }

    Pictures remoteReady(int pods) {
        remoteReady = pods;
        return this;
    }

    Pictures privately() {
        isPrivate = true;
        return this;
    }

    /** Our gateway plays the waypoint of cart. */
    Pictures waypointed() {
        waypoint = Optional.of(new GatewayRef.ByHostname(GATEWAY, 15_008));
        return this;
    }

    Pictures notExportedByWest() {
        isExportedByWest = false;
        return this;
    }

    Pictures direct() {
        isRelay = false;
        return this;
    }

    Pictures westGateway(Health health) {
        westGateway = health;
        return this;
    }

    Pictures planned(Shares ofEast) {
        plan = Optional.of(ofEast);
        return this;
    }

    Pictures overridden(LocalOverrides by) {
        overrides = by;
        return this;
    }

    Pictures lost(Duration silence) {
        link = new ClusterSight.Link(PeerStatus.Link.LOST, Optional.of(silence), true);
        path = DataPath.DOWN;
        return this;
    }

    Pictures unheard(ClusterId cluster) {
        unheard = Set.of(cluster);
        link = new ClusterSight.Link(PeerStatus.Link.LOST, Optional.empty(), false);
        path = DataPath.UNKNOWN;
        return this;
    }

    /** Of our own API. */
    Pictures holding(HeldKind... kinds) {
        held = List.of(kinds);
        return this;
    }

    Pictures policy(Policy one) {
        policies.add(one);
        return this;
    }

    Snapshot snapshot() {
        return new Snapshot(
                T0,
                FederationView.of(7, own, objects(), parts(), plan.map(Pictures::plan), overrides),
                unheard,
                List.of(
                        new ClusterSight(own, region, new Freshness.Live(), Optional.empty(), DataPath.UP, held),
                        new ClusterSight(
                                other(), otherRegion(), new Freshness.Live(), Optional.of(link), path, List.of())),
                Set.of("shop", "beringia-system"),
                Map.of(CART, new Snapshot.Offering("Permitted", Set.of(WEST))),
                List.of(),
                isRelay ? Optional.of(new GatewayRef.ByHostname(GATEWAY, 15_018)) : Optional.empty());
    }

    private OwnObjects objects() {
        List<Workload> workloads = new ArrayList<>();
        workloads.add(pod("front-1", "shop", "front", "10.1.0.1", Health.HEALTHY, Map.of()));
        for (int i = 1; i <= 2; i++) {
            workloads.add(pod(
                    "cart-" + i,
                    "shop",
                    "cart",
                    "10.1.0.1" + i,
                    i <= localReady ? Health.HEALTHY : Health.UNHEALTHY,
                    Map.of(CART, List.of(new ServicePort(80, 8080)))));
        }
        workloads.add(pod(
                "gw-0",
                "beringia-system",
                "gateway",
                "10.1.0.9",
                Health.HEALTHY,
                Map.of(GATEWAY, List.of(new ServicePort(15_008, 15_008), new ServicePort(15_018, 15_018)))));
        return new OwnObjects(
                workloads,
                List.of(
                        new Service(
                                CART,
                                List.of(new NetworkAddress(network, IpAddress.parse("10.0.0.1"))),
                                List.of(new ServicePort(80, 8080)),
                                List.of(id("shop", "cart")),
                                waypoint,
                                LoadBalancing.LOCAL_FIRST,
                                true,
                                isPrivate),
                        new Service(
                                GATEWAY,
                                List.of(),
                                List.of(new ServicePort(15_008, 15_008), new ServicePort(15_018, 15_018)),
                                List.of(id("beringia-system", "gateway")),
                                Optional.empty(),
                                LoadBalancing.STANDARD,
                                true,
                                false)),
                policies,
                List.of(new ExportedAuthority(CART, Set.of(80), Set.of(WEST), Set.of())),
                Map.of(CART, List.of(new NetworkAddress(network, IpAddress.parse("241.0.0.7")))));
    }

    private Workload pod(
            String name,
            String namespace,
            String account,
            String ip,
            Health health,
            Map<ServiceName, List<ServicePort>> services) {
        return Workload.named(own + "//Pod/" + namespace + "/" + name, namespace, name, own, network)
                .addresses(List.of(IpAddress.parse(ip)))
                .identity(DOMAIN, account)
                .services(services)
                .health(health)
                .locality(new Locality("us-east", "a", ""))
                .capacity(ShareRules.ENDPOINT)
                .build();
    }

    private List<ClusterExports> parts() {
        return List.of(
                ClusterExports.of(
                        state(own, region, network, Health.HEALTHY), List.of(export("us-east", localReady, 0))),
                ClusterExports.of(
                        state(other(), otherRegion(), new Network("net-" + other()), westGateway),
                        isExportedByWest ? List.of(export("us-west", remoteReady, 60)) : List.of()));
    }

    private static ClusterState state(ClusterId cluster, RegionId region, Network network, Health gateway) {
        return new ClusterState(
                cluster,
                region,
                network,
                Set.of(DOMAIN),
                List.of(new GatewayAddress(
                        cluster,
                        region,
                        network,
                        "gw-0",
                        SocketAddress.parse("192.0.2." + (cluster.equals(EAST) ? 1 : 2) + ":15008"),
                        id("beringia-system", "gateway"),
                        gateway,
                        1)),
                RegionStatus.ACTIVE,
                new Freshness.Live());
    }

    private static Export export(String region, long ready, int later) {
        return new Export(
                CART,
                T0.plusSeconds(later),
                List.of(new Export.ExportedPort("http", Export.Protocol.TCP, 80, 8080)),
                Set.of(id("shop", "cart")),
                List.of(new Export.Capacity(new Locality(region, "a", ""), ready)));
    }

    static SpiffeId id(String namespace, String account) {
        return SpiffeId.ofWorkload(DOMAIN, namespace, account);
    }

    private static TrafficPlan plan(Shares ofEast) {
        return new TrafficPlan(
                TrafficPlan.FORMAT,
                "mesh",
                new PlanVersion(3, 7),
                id("beringia-system", "failover"),
                T0,
                List.of(),
                List.of(new SourceShares(US_EAST, ofEast)),
                List.of(),
                List.of(),
                "",
                Optional.empty());
    }
}
