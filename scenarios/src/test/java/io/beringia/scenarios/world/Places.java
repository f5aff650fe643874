package io.beringia.scenarios.world;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Locality;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.catalog.RelayTarget.OnFailure;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.catalog.Writers;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.merge.FederatedService;
import io.beringia.discovery.merge.OwnObjects;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What every site is made of: one cluster, gateways, a service of ten pods, one client. Pure.
 *
 * @param number of the site, from 1: part of its addresses
 */
record Places(RegionId region, int number, int gatewayCount) {
    static final ServiceName CART = new ServiceName("shop", "cart.shop.svc.cluster.local");
    static final int PORT = 80;

    private static final TrustDomain DOMAIN = new TrustDomain("cluster.local");
    private static final ServiceName GATEWAYS =
            new ServiceName("beringia-system", "gateway.beringia-system.svc.cluster.local");
    private static final int HBONE = 15_008;
    private static final int RELAY = 15_018;
    private static final Instant EXPORTED = Instant.parse("2026-01-01T00:00:00Z");
    private static final Export.ExportedPort HTTP = new Export.ExportedPort("http", Export.Protocol.TCP, PORT, 8_080);

    static final GatewayRef RELAYS = new GatewayRef.ByHostname(GATEWAYS, RELAY);
    /** Who asks, by turns. */
    static final List<SpiffeId> CLIENTS =
            List.of(SpiffeId.ofWorkload(DOMAIN, "web", "front"), SpiffeId.ofWorkload(DOMAIN, "web", "back"));

    ClusterId cluster() {
        return new ClusterId(region.name());
    }

    Network network() {
        return new Network("net-" + region);
    }

    List<String> gatewayNames() {
        return IntStream.range(0, gatewayCount).mapToObj(i -> "gw-" + i).toList();
    }

    GatewayAddress gateway(int index) {
        return new GatewayAddress(
                cluster(),
                region,
                network(),
                "gw-" + index,
                SocketAddress.parse("10." + number + ".0." + (1 + index) + ":" + HBONE),
                SpiffeId.ofWorkload(DOMAIN, "beringia-system", "gateway-" + region),
                Health.HEALTHY,
                1);
    }

    ClusterState state(Freshness freshness) {
        return new ClusterState(
                cluster(),
                region,
                network(),
                Set.of(DOMAIN),
                IntStream.range(0, gatewayCount).mapToObj(this::gateway).toList(),
                RegionStatus.ACTIVE,
                freshness);
    }

    Workload client() {
        return client(0);
    }

    private Workload client(int number) {
        String account = CLIENTS.get(number).serviceAccount().orElseThrow().name();
        return named(account, "web")
                .addresses(List.of(ip("10.%d.1." + (1 + number))))
                .identity(DOMAIN, account)
                .build();
    }

    /** Pods, gateways and the client, as the cluster's own API tells them. */
    OwnObjects objects(Pods pods) {
        List<Workload> all = new ArrayList<>();
        for (int i = 0; i < CLIENTS.size(); i++) {
            all.add(client(i));
        }
        for (int i = 0; i < gatewayCount; i++) {
            all.add(relay(i));
        }
        for (int i = 0; i < pods.total(); i++) {
            all.add(pod(i, i < pods.ready()));
        }
        return new OwnObjects(all, List.of(relays(), cart()), List.of(), List.of());
    }

    FederatedService.Part part(Pods pods, Writers writers) {
        return new FederatedService.Part(
                cluster(),
                new Export(
                        CART,
                        EXPORTED,
                        List.of(HTTP),
                        Set.of(SpiffeId.ofWorkload(DOMAIN, "shop", "cart")),
                        List.of(new Export.Capacity(new Locality(region.name(), "", ""), pods.ready())),
                        Optional.empty(),
                        List.of(),
                        Export.Guard.NONE,
                        OnFailure.RESET,
                        writers));
    }

    private Workload relay(int index) {
        return Workload.named(region + "/gateway/" + index, "beringia-system", "gw-" + index, cluster(), network())
                .addresses(List.of(gateway(index).address().ip()))
                .identity(DOMAIN, "gateway-" + region)
                .tunnel(Workload.Tunnel.NONE)
                .services(Map.of(GATEWAYS, List.of(new ServicePort(RELAY, RELAY))))
                .build();
    }

    private Workload pod(int index, boolean isReady) {
        return named("cart-" + index, "shop")
                .addresses(List.of(ip("10.%d.2." + (1 + index))))
                .identity(DOMAIN, "cart")
                .locality(new Locality(region.name(), "", ""))
                .services(Map.of(CART, List.of(new ServicePort(PORT, 8_080))))
                .health(isReady ? Health.HEALTHY : Health.UNHEALTHY)
                .capacity(1_000)
                .build();
    }

    private Workload.Builder named(String name, String namespace) {
        return Workload.named(region + "/" + name, namespace, name, cluster(), network());
    }

    private IpAddress ip(String pattern) {
        return IpAddress.parse(pattern.formatted(number));
    }

    private static Service cart() {
        return service(CART, new ServicePort(PORT, 8_080), SpiffeId.ofWorkload(DOMAIN, "shop", "cart"));
    }

    private Service relays() {
        return service(
                GATEWAYS,
                new ServicePort(RELAY, RELAY),
                SpiffeId.ofWorkload(DOMAIN, "beringia-system", "gateway-" + region));
    }

    private static Service service(ServiceName name, ServicePort port, SpiffeId identity) {
        return new Service(
                name,
                List.of(),
                List.of(port),
                List.of(identity),
                Optional.empty(),
                LoadBalancing.LOCAL_FIRST,
                true,
                false);
    }

    /** Of the service, in one cluster. */
    record Pods(int ready, int total) {}
}
