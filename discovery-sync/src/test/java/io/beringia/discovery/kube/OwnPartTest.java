package io.beringia.discovery.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Locality;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.Policy;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.merge.ClusterExports;
import io.beringia.discovery.merge.Export;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class OwnPartTest {
    private static final LocalCluster CLUSTER = new LocalCluster(
            new ClusterId("east-1"), new Network("net-east"), new TrustDomain("mesh"), "cluster.local", "istio-system");
    private static final ServiceName CART = new ServiceName("shop", "cart.shop.svc.cluster.local");
    private static final ServiceName OTHER = new ServiceName("shop", "other.shop.svc.cluster.local");
    private static final ServiceName GATEWAY = new ServiceName("infra", "gateway.infra.svc.cluster.local");
    private static final SpiffeId GATEWAY_ID = SpiffeId.parse("spiffe://mesh/ns/infra/sa/gateway");
    private static final OwnPart.Facts FACTS = new OwnPart.Facts(new RegionId("us-east"), GATEWAY, Set.of(GATEWAY_ID));
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final LocalPart.Export.Origin ORIGIN =
            new LocalPart.Export.Origin(new ObjectName("shop", "cart"), Map.of(), Map.of());
    private static final Locality ZONE_A = new Locality("us-east", "a", "");
    private static final Locality ZONE_B = new Locality("us-east", "b", "");

    @Test
    void capacity_counts_what_a_gateway_can_deliver_to_by_locality() {
        ClusterExports exports = OwnPart.exports(
                part(
                        pod("cart-1", CART, ZONE_A).build(),
                        pod("cart-2", CART, ZONE_A).build(),
                        pod("cart-3", CART, ZONE_A).health(Health.UNHEALTHY).build(),
                        pod("cart-4", CART, ZONE_B).tunnel(Workload.Tunnel.NONE).build(),
                        pod("other-1", OTHER, ZONE_A).build()),
                FACTS);

        assertThat(exports.exports()).as("only what is offered").containsOnlyKeys(CART);
        assertThat(exports.exports().values())
                .singleElement()
                .satisfies(cart -> assertThat(cart.capacities())
                        .containsExactly(new Export.Capacity(ZONE_A, 2), new Export.Capacity(ZONE_B, 0)))
                .satisfies(cart -> assertThat(cart.ports())
                        .containsExactly(new Export.ExportedPort("port-80", Export.Protocol.TCP, 80, 8080)))
                .satisfies(cart -> assertThat(cart.identities()).hasSize(1));
    }

    @Test
    void an_offered_service_whose_author_said_nothing_goes_where_the_cluster_says() {
        LocalPart part = part(pod("cart-1", CART, ZONE_A).build());

        assertThat(OwnPart.objects(part, List.of(), LoadBalancing.LOCAL_FIRST).services())
                .filteredOn(service -> service.loadBalancing().equals(LoadBalancing.LOCAL_FIRST))
                .as("offered, and nobody else's")
                .extracting(Service::name)
                .containsExactly(CART);
        assertThat(OwnPart.objects(part, List.of(), LoadBalancing.STANDARD).services())
                .extracting(Service::loadBalancing)
                .containsOnly(LoadBalancing.STANDARD);
    }

    @Test
    void gateways_are_pods_of_their_service_with_their_identity() {
        ClusterExports exports = OwnPart.exports(
                part(
                        gateway("gw-1", "gateway", 15008, "127.0.0.1").build(),
                        gateway("gw-0", "gateway", 16008, "127.0.0.2")
                                .health(Health.UNHEALTHY)
                                .build(),
                        gateway("gw-9", "somebody", 15008, "127.0.0.3").build(),
                        gateway("gw-8", "gateway", 0, "127.0.0.4").build()),
                FACTS);

        assertThat(exports.cluster().gateways())
                .extracting(GatewayAddress::name, it -> it.address().toString(), GatewayAddress::health)
                .containsExactly(
                        tuple("gw-0", "127.0.0.2:16008", Health.UNHEALTHY),
                        tuple("gw-1", "127.0.0.1:15008", Health.HEALTHY));
    }

    /** By what is enforced before its endpoints, whatever it is called. */
    @Test
    void clusters_that_enforce_the_same_say_the_same_of_it() {
        Workload cart = pod("cart-1", CART, ZONE_A).policies(List.of("shop/a")).build();
        Workload other = pod("cart-1", CART, ZONE_A).policies(List.of("shop/b")).build();
        Policy admits = policy("a", Policy.Scope.WORKLOAD_SELECTOR, "mesh/ns/shop/sa/web");
        String digest = digest(List.of(admits), cart);

        assertThat(digest).isNotEmpty();
        assertThat(digest(List.of(policy("b", Policy.Scope.WORKLOAD_SELECTOR, "mesh/ns/shop/sa/web")), other))
                .as("under another name")
                .isEqualTo(digest);
        assertThat(digest(List.of(policy("c", Policy.Scope.NAMESPACE, "mesh/ns/shop/sa/web")), other))
                .as("for the namespace")
                .isEqualTo(digest);
        assertThat(digest(List.of(admits, policy("z", Policy.Scope.WORKLOAD_SELECTOR, "mesh/ns/x/sa/y")), cart))
                .as("beside one that does not reach it")
                .isEqualTo(digest);
        assertThat(digest(List.of(policy("a", Policy.Scope.WORKLOAD_SELECTOR, "mesh/ns/shop/sa/other")), cart))
                .as("admits somebody else")
                .isNotEqualTo(digest);
        assertThat(digest(List.of(), cart)).as("admits everybody").isNotEqualTo(digest);
        assertThat(digest(List.of(admits))).as("no endpoint, nobody knows").isEmpty();
    }

    private static String digest(List<Policy> policies, Workload... workloads) {
        LocalPart part = new LocalPart(
                CLUSTER,
                List.of(service(CART)),
                Arrays.asList(workloads),
                Map.of(CART, new LocalPart.Export(new ExportScope.Everyone(), T0, ORIGIN)),
                Set.of("shop"),
                new LocalPolicies(policies, new TreeMap<>()),
                LocalWaypoints.NONE,
                McsObjects.NONE,
                ExportObjects.NONE,
                Collections.emptySortedSet());
        return OwnPart.exports(part, FACTS)
                .exports()
                .values()
                .iterator()
                .next()
                .guard()
                .digest();
    }

    private static Policy policy(String name, Policy.Scope scope, String principal) {
        Policy.Match match = Policy.Match.ofPrincipals(List.of(new Policy.Text.Exact(principal)));
        return new Policy(
                "shop",
                name,
                scope,
                Policy.Action.ALLOW,
                List.of(new Policy.Rule(List.of(new Policy.Clause(List.of(match))))),
                false);
    }

    private static LocalPart part(Workload... workloads) {
        return new LocalPart(
                CLUSTER,
                List.of(service(CART), service(OTHER)),
                Arrays.asList(workloads),
                Map.of(CART, new LocalPart.Export(new ExportScope.Everyone(), T0, ORIGIN)),
                Set.of("shop"));
    }

    private static Service service(ServiceName name) {
        return new Service(
                name,
                List.of(),
                List.of(new ServicePort(80, 8080)),
                List.of(SpiffeId.parse("spiffe://mesh/ns/shop/sa/cart")),
                Optional.empty(),
                LoadBalancing.STANDARD,
                true,
                false);
    }

    private static Workload.Builder pod(String name, ServiceName service, Locality locality) {
        return Workload.named("east-1//Pod/shop/" + name, "shop", name, CLUSTER.id(), CLUSTER.network())
                .identity(CLUSTER.trustDomain(), "cart")
                .locality(locality)
                .capacity(1_000)
                .services(Map.of(service, List.of(new ServicePort(80, 8080))));
    }

    private static Workload.Builder gateway(String name, String account, int hbone, String address) {
        return Workload.named("east-1//Pod/infra/" + name, "infra", name, CLUSTER.id(), CLUSTER.network())
                .identity(CLUSTER.trustDomain(), account)
                .addresses(List.of(IpAddress.parse(address)))
                .services(Map.of(GATEWAY, List.of(new ServicePort(15_008, hbone))));
    }
}
