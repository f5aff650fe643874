package io.beringia.gateway.routing;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.ExportedAuthority;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Workload;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** A small federation as {@code east} sees it, put together by each test from the parts that matter to it. */
final class Mesh {
    static final ServiceName CART = ServiceName.parse("shop/cart.shop.svc.cluster.local");
    static final TrustDomain DOMAIN = new TrustDomain("cluster.local");
    static final SpiffeId CLIENT = SpiffeId.ofWorkload(DOMAIN, "web", "front");
    static final Self EAST = self(false);

    private final Map<String, ClusterState> clusters = new HashMap<>();
    private final List<Workload> workloads = new ArrayList<>();
    private final List<RelayTarget.Part> parts = new ArrayList<>();
    private Optional<GatewayRef> waypoint = Optional.empty();
    private Optional<ExportedAuthority> exported = Optional.empty();
    private Set<SpiffeId> relayClients = Set.of();

    static Self self(boolean allowLoopback) {
        return new Self(
                new ClusterId("east"),
                new RegionId("r-east"),
                new Network("n-east"),
                "gw-1",
                Set.of(SocketAddress.parse("10.1.0.1:15008"), SocketAddress.parse("127.0.0.2:15008")),
                IpAddress.parse("10.1.0.1"),
                allowLoopback);
    }

    /** East with two gateways and the client {@link #CLIENT}. */
    static Mesh ofEast() {
        return new Mesh()
                .cluster(
                        "east",
                        RegionStatus.ACTIVE,
                        gateway("east", "gw-1", "10.1.0.1"),
                        gateway("east", "gw-2", "10.1.0.2"))
                .with(pod("front-1", "web", "10.1.1.1")
                        .identity(DOMAIN, "front")
                        .build());
    }

    static GatewayAddress gateway(String cluster, String name, String ip) {
        return gateway(cluster, name, ip, Health.HEALTHY, 1);
    }

    static GatewayAddress gateway(String cluster, String name, String ip, Health health, int weight) {
        return new GatewayAddress(
                new ClusterId(cluster),
                new RegionId("r-" + cluster),
                new Network("n-" + cluster),
                name,
                new SocketAddress(IpAddress.parse(ip), 15_008),
                gatewayIdentity(cluster),
                health,
                weight);
    }

    static SpiffeId gatewayIdentity(String cluster) {
        return SpiffeId.ofWorkload(DOMAIN, "beringia-system", "gateway-" + cluster);
    }

    static Workload.Builder pod(String name, String namespace, String ip) {
        return Workload.named(
                        "east//Pod/" + namespace + "/" + name,
                        namespace,
                        name,
                        new ClusterId("east"),
                        new Network("n-east"))
                .addresses(List.of(IpAddress.parse(ip)));
    }

    /** An endpoint of {@link #CART} on port 80. */
    static Workload.Builder cart(String name, String ip) {
        return pod(name, "shop", ip)
                .identity(DOMAIN, "cart")
                .services(Map.of(CART, List.of(new ServicePort(80, 8080))));
    }

    static ConnectRequest request() {
        return new ConnectRequest(new Authority(CART.hostname(), 80), Optional.empty(), Carried.NOTHING);
    }

    static ConnectRequest vouched(String cluster) {
        return vouched(cluster, CLIENT);
    }

    static ConnectRequest vouched(String cluster, SpiffeId source) {
        return new ConnectRequest(
                request().authority(),
                Optional.of(new Vouched(
                        source,
                        new ClusterId(cluster),
                        new RegionId("r-" + cluster),
                        new Network("n-" + cluster),
                        EAST.region(),
                        "00112233445566778899aabbccddeeff")),
                Carried.NOTHING);
    }

    static ConnectRequest saying(ConnectRequest request, String istioSource) {
        return new ConnectRequest(
                request.authority(),
                request.vouched(),
                new Carried(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(istioSource)));
    }

    static PeerIdentity peer(SpiffeId id) {
        return new PeerIdentity(id, Optional.empty());
    }

    Mesh cluster(String name, RegionStatus status, GatewayAddress... gateways) {
        return clusterIn(name, "r-" + name, "n-" + name, status, gateways);
    }

    Mesh clusterIn(String name, String region, String network, RegionStatus status, GatewayAddress... gateways) {
        clusters.put(
                name,
                new ClusterState(
                        new ClusterId(name),
                        new RegionId(region),
                        new Network(network),
                        Set.of(DOMAIN),
                        List.of(gateways),
                        status,
                        new Freshness.Live()));
        return this;
    }

    Mesh with(Workload workload) {
        workloads.add(workload);
        return this;
    }

    Mesh waypoint(GatewayRef it) {
        waypoint = Optional.of(it);
        return this;
    }

    /** {@link #CART} may be called from there. */
    Mesh exportedTo(Set<String> consumers, SpiffeId... clients) {
        Set<ClusterId> ids = consumers.stream().map(ClusterId::new).collect(java.util.stream.Collectors.toSet());
        exported = Optional.of(new ExportedAuthority(CART, Set.of(80), ids, Set.of(clients)));
        return this;
    }

    /** {@link #CART} is found there, without a share by plan. */
    Mesh part(String cluster, long capacity) {
        parts.add(new RelayTarget.Part(new ClusterId(cluster), Set.of(80), capacity, OptionalInt.empty()));
        return this;
    }

    Mesh part(String cluster, long capacity, int share) {
        parts.add(new RelayTarget.Part(new ClusterId(cluster), Set.of(80), capacity, OptionalInt.of(share)));
        return this;
    }

    Mesh relayClients(SpiffeId... clients) {
        relayClients = Set.of(clients);
        return this;
    }

    Catalog catalog() {
        Service cart = new Service(
                CART,
                List.of(),
                List.of(new ServicePort(80, 8080)),
                List.of(),
                waypoint,
                LoadBalancing.STANDARD,
                false,
                false);
        List<RelayTarget> targets = parts.isEmpty()
                ? List.of()
                : List.of(new RelayTarget(CART, relayClients, parts, RelayTarget.OnFailure.HOLD));
        return Catalog.of(
                1,
                PlanVersion.NONE,
                workloads,
                List.of(cart),
                List.of(),
                exported.stream().toList(),
                targets,
                clusters.values());
    }
}
