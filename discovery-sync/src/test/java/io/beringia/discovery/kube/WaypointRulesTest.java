package io.beringia.discovery.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.merge.Export;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gateways in, waypoints before services and workloads out. */
final class WaypointRulesTest {
    private static final LocalCluster CLUSTER = new LocalCluster(
            new ClusterId("us-east"),
            new Network("net-east"),
            new TrustDomain("prod.example"),
            "cluster.local",
            "istio-system");
    private static final ServiceName CART = new ServiceName("shop", "cart.shop.svc.cluster.local");
    private static final SpiffeId WAYPOINT = SpiffeId.parse("spiffe://prod.example/ns/infra/sa/waypoint");
    private static final Export NOTHING = new Export(CART, Instant.EPOCH, List.of(), Set.of(), List.of());
    private static final String BOUND = "ByHostname[service=infra/waypoint.infra.svc.cluster.local, hbonePort=15008]";

    private static final String CLASS = """
            apiVersion: gateway.networking.k8s.io/v1
            kind: GatewayClass
            metadata: {name: istio-waypoint, labels: {%s}}
            spec: {controllerName: istio.io/mesh-controller}
            """;
    private static final String INSTANCE = """
            apiVersion: v1
            kind: Pod
            metadata: {name: waypoint-1, namespace: infra, labels: {gateway.networking.k8s.io/gateway-name: waypoint}}
            spec: {serviceAccountName: waypoint}
            status: {phase: Running, podIP: 10.1.0.9, conditions: [{type: Ready, status: "True"}]}
            """;
    private static final String USE = "istio.io/use-waypoint: waypoint, istio.io/use-waypoint-namespace: infra";
    private static final String ALL = "{from: All}";

    private static String namespace(String labels) {
        return """
                apiVersion: v1
                kind: Namespace
                metadata: {name: shop, labels: {%s}}
                """.formatted(labels);
    }

    private static String service(String labels) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: cart, namespace: shop, labels: {%s}}
                spec: {clusterIP: 10.0.0.1, selector: {app: cart}, ports: [{port: 80}]}
                """.formatted(labels);
    }

    private static String pod(String labels) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: cart-1, namespace: shop, labels: {app: cart, %s}}
                spec: {serviceAccountName: cart}
                status: {phase: Running, podIP: 10.1.0.1, conditions: [{type: Ready, status: "True"}]}
                """.formatted(labels);
    }

    private static String gateway(String labels, String namespaces) {
        return """
                apiVersion: gateway.networking.k8s.io/v1
                kind: Gateway
                metadata: {name: waypoint, namespace: infra, labels: {%s}}
                spec:
                  gatewayClassName: istio-waypoint
                  listeners: [{name: mesh, port: 15008, protocol: HBONE, allowedRoutes: {namespaces: %s}}]
                status: {addresses: [{type: IPAddress, value: 10.0.0.9}, {type: Hostname, value: waypoint.infra.svc.cluster.local}]}
                """.formatted(labels, namespaces);
    }

    private static LocalPart translate(String... manifests) {
        return Manifests.translate(CLUSTER, List.of(manifests));
    }

    private static String waypointOfCart(LocalPart part) {
        return part.services().stream()
                .filter(service -> service.name().equals(CART))
                .flatMap(service -> service.waypoint().stream())
                .map(Object::toString)
                .findFirst()
                .orElse("none");
    }

    private static String waypointOfPod(LocalPart part, String name) {
        return part.workloads().stream()
                .filter(pod -> pod.name().equals(name))
                .flatMap(pod -> pod.waypoint().stream())
                .map(Object::toString)
                .findFirst()
                .orElse("none");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # labels of the namespace | of the service          | is bound
            ''                        | USE                     | true
            USE                       | ''                      | true
            USE                       | istio.io/use-waypoint: none | false
            USE                       | istio.io/use-waypoint: other | false
            ''                        | istio.io/use-waypoint: waypoint | false
            ''                        | ''                      | false
            USE                       | gateway.istio.io/managed: istio.io-mesh-controller | false
            USE                       | gateway.istio.io/managed: istio.io-eastwest-controller | false
            """)
    void a_label_of_the_service_or_else_of_its_namespace_binds_it(String namespace, String service, boolean isBound) {
        LocalPart part = translate(
                CLASS.formatted(""),
                gateway("", ALL),
                INSTANCE,
                namespace(namespace.equals("USE") ? USE : namespace),
                service(service.equals("USE") ? USE : service),
                pod(""));

        assertThat(waypointOfCart(part)).isEqualTo(isBound ? BOUND : "none");
        assertThat(part.services())
                .filteredOn(it -> it.name().equals(CART))
                .singleElement()
                .satisfies(cart -> assertThat(cart.subjectAltNames().contains(WAYPOINT))
                        .as("the waypoint answers for it")
                        .isEqualTo(isBound));
        assertThat(part.waypoints().identities().containsKey(CART)).isEqualTo(isBound);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # of the class                 | of the gateway               | service | pod
            ''                             | ''                           | true    | false
            istio.io/waypoint-for: all     | ''                           | true    | true
            istio.io/waypoint-for: all     | istio.io/waypoint-for: service | true  | false
            ''                             | istio.io/waypoint-for: workload | false | true
            ''                             | istio.io/waypoint-for: none  | false   | false
            """)
    void a_waypoint_is_for_services_unless_it_says_otherwise(
            String ofClass, String ofGateway, boolean service, boolean pod) {
        LocalPart part =
                translate(CLASS.formatted(ofClass), gateway(ofGateway, ALL), namespace(""), service(USE), pod(USE));

        assertThat(waypointOfCart(part)).isEqualTo(service ? BOUND : "none");
        assertThat(waypointOfPod(part, "cart-1")).isEqualTo(pod ? BOUND : "none");
        assertThat(part.waypoints().missing()).hasSize((service ? 0 : 1) + (pod ? 0 : 1));
    }

    @Test
    void a_waypoint_for_services_that_only_the_namespace_names_is_not_missed_by_its_pods() {
        LocalPart part = translate(gateway("", ALL), namespace(USE), service(""), pod(""));

        assertThat(waypointOfCart(part)).isEqualTo(BOUND);
        assertThat(waypointOfPod(part, "cart-1")).isEqualTo("none");
        assertThat(part.waypoints().missing()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {from: All}                                                   | true
            {from: Same}                                                  | false
            {}                                                            | false
            {from: Selector, selector: {matchLabels: {team: a}}}          | true
            {from: Selector, selector: {matchLabels: {team: b}}}          | false
            {from: Selector, selector: {matchExpressions: [{key: team, operator: Exists}]}} | false
            """)
    void another_namespace_is_served_where_the_listener_admits_it(String namespaces, boolean isBound) {
        LocalPart part = translate(gateway("", namespaces), namespace("team: a"), service(USE));

        assertThat(waypointOfCart(part)).isEqualTo(isBound ? BOUND : "none");
        assertThat(part.waypoints().missing())
                .hasToString(
                        isBound
                                ? "[]"
                                : "[service shop/cart: waypoint infra/waypoint: it does not admit this namespace]");
    }

    @Test
    void without_an_address_it_is_not_ready_and_what_names_it_is_reached_without() {
        LocalPart part =
                translate(gateway("", ALL).replaceAll("status: .*", "status: {}"), namespace(""), service(USE));

        assertThat(waypointOfCart(part)).isEqualTo("none");
        assertThat(part.waypoints().missing())
                .containsExactly("service shop/cart: waypoint infra/waypoint: it has no address");
    }

    @Test
    void one_that_only_has_an_address_is_named_by_it_in_our_network() {
        LocalPart part = translate(
                gateway("", ALL).replace(", {type: Hostname, value: waypoint.infra.svc.cluster.local}", ""),
                namespace(""),
                service(USE));

        assertThat(waypointOfCart(part)).isEqualTo("ByAddress[address=net-east/10.0.0.9, hbonePort=15008]");
    }

    @Test
    void its_pods_have_no_waypoint_themselves_and_get_their_connections_where_it_says() {
        String binding = "annotations: {ambient.istio.io/waypoint-inbound-binding: PROXY/15088}, labels";
        LocalPart ofGateway = translate(
                gateway("istio.io/waypoint-for: all, " + USE, ALL).replaceFirst("labels", binding),
                INSTANCE.replace("labels: {", "labels: {" + USE + ", "));
        LocalPart ofClass = translate(
                CLASS.formatted("").replaceFirst("labels", binding),
                gateway("istio.io/waypoint-for: all", ALL),
                INSTANCE);

        for (LocalPart part : List.of(ofGateway, ofClass)) {
            assertThat(waypointOfPod(part, "waypoint-1")).isEqualTo("none");
            assertThat(part.workloads())
                    .extracting(Workload::proxyProtocolPort)
                    .containsExactly(OptionalInt.of(15_088));
        }
    }

    @Test
    void an_exported_service_says_who_its_waypoint_is_apart_from_its_endpoints() {
        LocalPart part = translate(
                gateway("", ALL), INSTANCE, namespace(""), service(USE + ", istio.io/global: \"true\""), pod(""));
        Export cart = OwnPart.exports(
                        part, new OwnPart.Facts(new RegionId("us-east"), new ServiceName("infra", "gateway"), Set.of()))
                .exports()
                .getOrDefault(CART, NOTHING);

        assertThat(cart.guard().waypoint()).containsExactly(WAYPOINT);
        assertThat(cart.identities()).containsExactly(SpiffeId.parse("spiffe://prod.example/ns/shop/sa/cart"));
    }
}
