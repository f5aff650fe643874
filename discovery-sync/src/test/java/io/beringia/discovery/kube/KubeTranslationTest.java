package io.beringia.discovery.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Locality;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.NetworkAddress;
import io.beringia.discovery.catalog.RelayTarget.OnFailure;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.catalog.Writers;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.merge.McsExport;
import io.beringia.trust.identity.TrustDomain;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Manifests in, mesh words out. */
final class KubeTranslationTest {
    private static final LocalCluster CLUSTER = new LocalCluster(
            new ClusterId("us-east"),
            new Network("net-east"),
            new TrustDomain("cluster.local"),
            "cluster.local",
            "istio-system");
    private static final ServiceName CART = new ServiceName("shop", "cart.shop.svc.cluster.local");
    private static final ServiceName PRIMARY = new ServiceName("pg", "primary.pg.svc.cluster.local");

    private static final String NODE = """
            apiVersion: v1
            kind: Node
            metadata:
              name: node-1
              labels: {topology.kubernetes.io/region: us-east, topology.kubernetes.io/zone: us-east-a, topology.istio.io/subzone: rack-7}
            """;
    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: cart, namespace: shop, creationTimestamp: "2026-01-01T00:00:00Z"}
            spec:
              clusterIP: 10.0.0.1
              selector: {app: cart}
              ports:
              - {name: http, port: 80, targetPort: web}
              - {name: raw, port: 9000, targetPort: 9001}
              - {name: same, port: 7000}
              - {name: dns, port: 53, protocol: UDP}
              - {name: gone, port: 81, targetPort: unknown}
            """;
    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata:
              name: cart-1
              namespace: shop
              labels: {app: cart, version: v2}
              annotations: {ambient.istio.io/redirection: enabled}
            spec:
              nodeName: node-1
              serviceAccountName: cart
              containers: [{name: app, ports: [{name: web, containerPort: 8080}]}]
            status:
              phase: Running
              podIP: 10.1.0.1
              podIPs: [{ip: 10.1.0.1}, {ip: "fd00::1"}]
              conditions: [{type: Ready, status: "True"}]
            """;

    private static final String EXPORT = """
            apiVersion: multicluster.x-k8s.io/v1beta1
            kind: ServiceExport
            metadata: {name: cart, namespace: shop, creationTimestamp: "2026-02-01T00:00:00Z"}
            spec: {exportedLabels: {tier: web}}
            """;
    private static final String CART_SLICE = """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: cart-abc, namespace: shop, labels: {kubernetes.io/service-name: cart}}
            addressType: IPv4
            ports: [{name: http, port: 8080}, {name: dns, port: 53, protocol: UDP}]
            endpoints:
            - addresses: [10.1.0.1]
              hostname: cart-1
              conditions: {ready: false, serving: true, terminating: true}
              targetRef: {kind: Pod, name: cart-1, namespace: shop}
            """;

    private static LocalPart translate(String... manifests) {
        return Manifests.translate(CLUSTER, List.of(manifests));
    }

    private static Workload onlyWorkload(LocalPart part) {
        assertThat(part.workloads()).as("workloads").hasSize(1);
        return part.workloads().getFirst();
    }

    private static Service onlyService(LocalPart part) {
        assertThat(part.services()).as("services").hasSize(1);
        return part.services().getFirst();
    }

    @Test
    void a_pod_is_a_workload_under_its_own_name() {
        Workload cart = onlyWorkload(translate(NODE, SERVICE, POD));

        assertThat(cart.uid()).as("uid").isEqualTo("us-east//Pod/shop/cart-1");
        assertThat(cart.addresses()).as("addresses").hasToString("[10.1.0.1, fd00::1]");
        assertThat(cart.network()).as("network").isEqualTo(new Network("net-east"));
        assertThat(cart.tunnel()).as("tunnel").isEqualTo(Workload.Tunnel.HBONE);
        assertThat(cart.identity()).as("identity").hasToString("spiffe://cluster.local/ns/shop/sa/cart");
        assertThat(cart.health()).as("health").isEqualTo(Health.HEALTHY);
        assertThat(cart.locality()).as("locality").isEqualTo(new Locality("us-east", "us-east-a", "rack-7"));
        assertThat(cart.description())
                .as("description")
                .isEqualTo(new Workload.Description("node-1", "cart-1", "pod", "cart", "v2"));
    }

    @Test
    void a_port_ends_where_the_pod_says_and_a_name_it_lacks_is_left_out() {
        assertThat(onlyWorkload(translate(SERVICE, POD)).services())
                .as("services")
                .isEqualTo(Map.of(
                        CART,
                        List.of(new ServicePort(80, 8080), new ServicePort(9000, 9001), new ServicePort(7000, 7000))));
    }

    @Test
    void a_service_has_its_addresses_ports_and_the_identities_of_its_pods() {
        Service cart = onlyService(translate(SERVICE, POD));

        assertThat(cart.name()).as("name").isEqualTo(CART);
        assertThat(cart.addresses()).as("addresses").hasToString("[net-east/10.0.0.1]");
        assertThat(cart.ports())
                .as("TCP ports; a named target is said by each endpoint")
                .containsExactly(
                        new ServicePort(80, 0),
                        new ServicePort(9000, 9001),
                        new ServicePort(7000, 7000),
                        new ServicePort(81, 0));
        assertThat(cart.subjectAltNames()).as("identities").hasToString("[spiffe://cluster.local/ns/shop/sa/cart]");
        assertThat(cart.canonical()).as("canonical").isTrue();
        assertThat(cart.loadBalancing()).as("load balancing").isEqualTo(LoadBalancing.STANDARD);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            phase: Running | phase: Failed                                     | 0 |
            phase: Running | phase: Succeeded                                  | 0 |
            phase: Running | phase: Pending                                    | 1 | HEALTHY
            podIP: 10.1.0.1| hostIP: 10.1.0.1                                  | 1 | HEALTHY
            status: "True" | status: "False"                                   | 1 | UNHEALTHY
            namespace: shop| {namespace: shop, deletionTimestamp: "2026-01-01T00:00:00Z"} | 1 | UNHEALTHY
            """)
    void a_pod_counts_while_it_has_an_address_and_is_not_over(
            String what, String instead, int count, @Nullable String health) {
        String changed = POD.replace(what, instead.replaceAll("^\\{|}$", "").replace(", ", "\n  "));

        List<Workload> workloads = translate(SERVICE, changed).workloads();

        assertThat(workloads).as(instead).hasSize(count);
        assertThat(workloads).as(instead).allMatch(one -> one.health().name().equals(health));
    }

    @Test
    void a_pod_without_address_is_not_there() {
        assertThat(translate(POD.replace("podIP: 10.1.0.1", "x: y").replaceAll(" *podIPs.*\n", ""))
                        .workloads())
                .as("workloads")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ambient.istio.io/redirection: enabled  | ambient.istio.io/redirection: disabled | NONE
            version: v2                            | networking.istio.io/tunnel: http        | HBONE
            """)
    void a_tunnel_is_where_the_pod_is_captured_or_speaks_it_itself(
            String what, String instead, Workload.Tunnel tunnel) {
        assertThat(onlyWorkload(translate(POD.replace(what, instead))).tunnel())
                .as(instead)
                .isEqualTo(tunnel);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PROXY/8080 | 8080
            PROXY/0    |
            PROXY      |
            HBONE/8080 |
            """)
    void a_port_that_wants_the_proxy_protocol_is_named_by_an_annotation(String binding, @Nullable Integer port) {
        String annotated = POD.replace(
                "ambient.istio.io/redirection: enabled",
                "ambient.istio.io/redirection: enabled, ambient.istio.io/waypoint-inbound-binding: " + binding);
        assertThat(onlyWorkload(translate(annotated)).proxyProtocolPort())
                .as(binding)
                .isEqualTo(port == null ? OptionalInt.empty() : OptionalInt.of(port));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ReplicaSet | cart-6b7f     | cart
            ReplicaSet | other-name    | other-name
            Job        | cart-29000000 | cart
            StatefulSet| cart          | cart
            """)
    void a_pod_is_called_after_what_made_it(String kind, String owner, String name) {
        String owned = POD.replace(
                "  labels: {app: cart, version: v2}",
                """
                  labels: {pod-template-hash: 6b7f}
                  ownerReferences: [{apiVersion: x/v1, kind: KIND, name: OWNER, uid: u, controller: true}]
                """.replace("KIND", kind).replace("OWNER", owner).indent(0).stripTrailing());

        Workload.Description description = onlyWorkload(translate(owned)).description();

        assertThat(description.workloadName()).as("workload name").isEqualTo(name);
        assertThat(description.canonicalName()).as("canonical name").isEqualTo(name);
        assertThat(description.canonicalRevision()).as("canonical revision").isEqualTo("latest");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            internalTrafficPolicy: Local        | STRICT   | [NODE]                              | ONLY_HEALTHY
            trafficDistribution: PreferClose    | FAILOVER | [NETWORK, REGION, ZONE]             | ONLY_HEALTHY
            trafficDistribution: PreferSameZone | FAILOVER | [NETWORK, REGION, ZONE]             | ONLY_HEALTHY
            trafficDistribution: PreferSameNode | FAILOVER | [NETWORK, REGION, ZONE, SUBZONE, NODE] | ONLY_HEALTHY
            trafficDistribution: Unheard        | STANDARD | []                                  | ONLY_HEALTHY
            publishNotReadyAddresses: true      | STANDARD | []                                  | ALLOW_ALL
            """)
    void the_spec_says_how_endpoints_are_chosen(
            String field, LoadBalancing.Mode mode, String scopes, LoadBalancing.HealthPolicy health) {
        LoadBalancing chosen = onlyService(translate(SERVICE.replace("clusterIP: 10.0.0.1", field)))
                .loadBalancing();

        assertThat(chosen.mode()).as(field).isEqualTo(mode);
        assertThat(chosen.preference()).as(field).hasToString(scopes);
        assertThat(chosen.healthPolicy()).as(field).isEqualTo(health);
    }

    @Test
    void an_annotation_says_the_distribution_where_the_spec_does_not() {
        String namespace = """
                apiVersion: v1
                kind: Namespace
                metadata: {name: shop, annotations: {networking.istio.io/traffic-distribution: PreferClose}}
                """;
        String own = SERVICE.replace(
                "namespace: shop,", "namespace: shop, annotations: {networking.istio.io/traffic-distribution: Any},");

        assertThat(onlyService(translate(namespace, SERVICE)).loadBalancing().mode())
                .as("of the namespace")
                .isEqualTo(LoadBalancing.Mode.FAILOVER);
        assertThat(onlyService(translate(namespace, own)).loadBalancing().mode())
                .as("of the service, over the namespace's")
                .isEqualTo(LoadBalancing.Mode.STANDARD);
    }

    @Test
    void a_headless_service_has_no_address_and_an_external_name_is_no_service() {
        assertThat(onlyService(translate(SERVICE.replace("10.0.0.1", "None"))).addresses())
                .as("addresses")
                .isEmpty();
        assertThat(translate(SERVICE.replace("clusterIP: 10.0.0.1", "type: ExternalName"))
                        .services())
                .as("services")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            *              | us-west, eu |
            us-west        | us-west     | eu, us-west-2
            us-west, eu    | us-west, eu | ap
            us-*           | us-west     | eu
            us-*,eu        | us-west, eu | ap
            none           |             | us-west, eu
            us-west, none  |             | us-west
            US-WEST        |             | us-west
            u*s            |             | us
            **             |             | us
            """)
    void an_annotation_narrows_to_whom_a_service_is_offered(
            String annotation, @Nullable String admitted, @Nullable String refused) {
        ExportScope scope = ExportScope.parse(annotation);

        assertThat(clusters(admitted)).as("admitted by " + annotation).allMatch(scope::admits);
        assertThat(clusters(refused)).as("refused by " + annotation).noneMatch(scope::admits);
    }

    private static List<ClusterId> clusters(@Nullable String names) {
        return names == null
                ? List.of()
                : List.of(names.split(",\\s*", -1)).stream().map(ClusterId::new).toList();
    }

    @ParameterizedTest
    @CsvSource({"hold, HOLD", "reset, RESET", "Hold, RESET", "'', RESET"})
    void a_service_says_what_becomes_of_its_streams_and_hold_is_said_exactly(String annotation, OnFailure onFailure) {
        String holding = SERVICE.replace(
                "namespace: shop,",
                "namespace: shop, labels: {istio.io/global: \"true\"}, annotations: {beringia.io/on-failure: \""
                        + annotation + "\"},");

        assertThat(translate(NODE, holding, POD, EXPORT, CART_SLICE).exports().values())
                .as("under both names")
                .hasSize(2)
                .allSatisfy(export -> assertThat(export.onFailure()).isEqualTo(onFailure));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                        | MANY   |
            {beringia.io/stateful: single-writer}     | SINGLE |
            {beringia.io/stateful: "Single Writer"}   | SINGLE | service shop/cart: beringia.io/stateful "Single Writer", one region alone serves it (expected: single-writer)
            """)
    void a_service_says_that_one_region_alone_may_serve_it_in_whatever_words(
            String annotations, Writers writers, @Nullable String remark) {
        String said = SERVICE.replace(
                "namespace: shop,",
                "namespace: shop, labels: {istio.io/global: \"true\"}, annotations: " + annotations + ",");
        LocalPart part = translate(NODE, said, POD, EXPORT, CART_SLICE);

        assertThat(part.exports().values())
                .as("under both names")
                .hasSize(2)
                .allSatisfy(export -> assertThat(export.writers()).isEqualTo(writers));
        assertThat(part.remarks()).isEqualTo(remark == null ? Set.of() : Set.of(remark));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            hold  |
            reset |
            Hold  | service shop/cart: beringia.io/on-failure "Hold", streams are reset (expected: hold or reset)
            ''    | service shop/cart: beringia.io/on-failure "", streams are reset (expected: hold or reset)
            """)
    void a_word_that_nobody_knows_is_remarked(String annotation, @Nullable String remark) {
        String said = SERVICE.replace(
                "namespace: shop,", "namespace: shop, annotations: {beringia.io/on-failure: \"" + annotation + "\"},");

        assertThat(translate(said).remarks()).isEqualTo(remark == null ? Set.of() : Set.of(remark));
    }

    /** istio/istio#47574: objects were stored under the network of a label that came later. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                    |
            {topology.istio.io/network: net-east} |
            {topology.istio.io/network: net-b}    | namespace istio-system: topology.istio.io/network "net-b" (expected: net-east, the network of the configuration)
            """)
    void the_network_is_that_of_the_configuration_whatever_a_label_says(String labels, @Nullable String remark) {
        LocalPart part = translate(
                "apiVersion: v1\nkind: Namespace\nmetadata: {name: istio-system, labels: " + labels + "}",
                SERVICE,
                POD);

        assertThat(part.workloads()).extracting(Workload::network).containsExactly(CLUSTER.network());
        assertThat(part.services())
                .flatExtracting(Service::addresses)
                .extracting(NetworkAddress::network)
                .containsOnly(CLUSTER.network());
        assertThat(part.remarks()).isEqualTo(remark == null ? Set.of() : Set.of(remark));
    }

    @Test
    void only_a_service_with_the_global_label_is_exported() {
        String global = SERVICE.replace(
                "namespace: shop,",
                "namespace: shop, labels: {istio.io/global: \"true\"}, annotations: {beringia.io/export-to: us-west},");

        assertThat(translate(global).exports())
                .as("exports")
                .isEqualTo(Map.of(
                        CART,
                        new LocalPart.Export(
                                new ExportScope.Only(List.of("us-west")),
                                Instant.parse("2026-01-01T00:00:00Z"),
                                new LocalPart.Export.Origin(
                                        new ObjectName("shop", "cart"), Map.of("istio.io/global", "true"), Map.of()))));
        assertThat(translate(SERVICE).exports()).as("without label").isEmpty();
        assertThat(translate(global.replace("\"true\"", "\"false\"")).exports())
                .as("label false")
                .isEmpty();
    }

    @Test
    void a_service_export_exports_its_service_under_its_name_in_the_clusterset() {
        LocalPart part = translate(
                NODE,
                SERVICE.replace("  selector", "  sessionAffinity: ClientIP\n  ipFamilies: [IPv4]\n  selector"),
                POD,
                EXPORT,
                CART_SLICE);
        ServiceName clusterset = new ServiceName("shop", "cart.shop.svc.clusterset.local");

        assertThat(part.exports()).as("no label, so under no other name").containsOnlyKeys(clusterset);
        LocalPart.Export export = Objects.requireNonNull(part.exports().get(clusterset));
        assertThat(export.created()).as("the age of the ServiceExport").isEqualTo("2026-02-01T00:00:00Z");
        assertThat(export.mcs()).hasValueSatisfying(mcs -> {
            assertThat(mcs.ports()).contains(new McsExport.Port("dns", Export.Protocol.UDP, 53, ""));
            assertThat(mcs.affinity().isByClient()).isTrue();
            assertThat(mcs.families()).containsExactly(McsExport.IpFamily.IPV4);
            assertThat(mcs.labels()).containsExactlyEntriesOf(Map.of("tier", "web"));
        });
        assertThat(export.slices())
                .singleElement()
                .satisfies(slice -> assertThat(slice.endpoints())
                        .singleElement()
                        .hasFieldOrPropertyWithValue("hostname", "cart-1")
                        .hasFieldOrPropertyWithValue("isServing", true)
                        .hasFieldOrPropertyWithValue("isReady", false));
        assertThat(onlyWorkload(part).services()).as("answers for both names").containsOnlyKeys(CART, clusterset);
        assertThat(part.services())
                .filteredOn(service -> service.name().equals(clusterset))
                .singleElement()
                .satisfies(service ->
                        assertThat(service.addresses()).as("its own come later").isEmpty());
    }

    @Test
    void exports_without_a_service_or_of_another_name_export_nothing_and_are_still_seen() {
        LocalPart part = translate(
                EXPORT,
                "apiVersion: v1\nkind: Service\nmetadata: {name: cart, namespace: shop}\n"
                        + "spec: {type: ExternalName, externalName: example.org}");

        assertThat(part.exports()).isEmpty();
        assertThat(part.mcs().exports()).containsOnlyKeys(new ObjectName("shop", "cart"));
        assertThat(part.mcs().unfit()).containsExactly(new ObjectName("shop", "cart"));
        assertThat(translate(EXPORT).mcs().unfit()).isEmpty();
    }

    @Test
    void annotations_of_service_and_export_both_narrow() {
        String west =
                SERVICE.replace("namespace: shop,", "namespace: shop, annotations: {beringia.io/export-to: us-*},");
        String export =
                EXPORT.replace("namespace: shop,", "namespace: shop, annotations: {beringia.io/export-to: '*-west'},");

        ExportScope scope =
                translate(west, EXPORT).exports().values().iterator().next().scope();
        assertThat(scope.admits(new ClusterId("us-west"))).isTrue();
        assertThat(scope.admits(new ClusterId("eu-west"))).isFalse();
        assertThat(translate(west, export)
                        .exports()
                        .values()
                        .iterator()
                        .next()
                        .scope()
                        .admits(new ClusterId("us-west")))
                .as("no cluster can be called *-west")
                .isFalse();
    }

    /** Service without selector and a hand-written slice: istio/istio#60951, istio/istio#51539. */
    @Test
    void a_hand_written_slice_gives_a_service_without_selector_its_endpoints() {
        LocalPart before = translate(PG_SERVICE, pg("pg-1", "10.1.0.1"), pg("pg-2", "10.1.0.2"), pgSlice("pg-1"));
        LocalPart after = translate(PG_SERVICE, pg("pg-1", "10.1.0.1"), pg("pg-2", "10.1.0.2"), pgSlice("pg-2"));

        assertThat(serving(before))
                .as("both endpoints")
                .containsExactlyInAnyOrder(
                        "us-east//Pod/pg/pg-1", "us-east/discovery.k8s.io/EndpointSlice/pg/primary-1/192.0.2.7");
        assertThat(serving(after))
                .as("after the database failed over")
                .containsExactlyInAnyOrder(
                        "us-east//Pod/pg/pg-2", "us-east/discovery.k8s.io/EndpointSlice/pg/primary-1/192.0.2.7");
        assertThat(before.workloads())
                .filteredOn(one -> one.serves(PRIMARY))
                .as("target port, health")
                .allSatisfy(one -> {
                    assertThat(one.targetPort(PRIMARY, 5432)).as("target").hasValue(5433);
                    assertThat(one.health()).as("ready unset").isEqualTo(Health.HEALTHY);
                });
        assertThat(before.exports()).as("exports").containsOnlyKeys(PRIMARY);
    }

    @Test
    void an_endpoint_without_pod_is_on_a_host_and_has_no_identity() {
        LocalPart part = translate(NODE, PG_SERVICE, pgSlice("pg-1"));
        Workload host = onlyWorkload(part);

        assertThat(host.hostNetwork()).as("host network").isTrue();
        assertThat(host.serviceAccount()).as("service account").isEmpty();
        assertThat(host.tunnel()).as("tunnel").isEqualTo(Workload.Tunnel.NONE);
        assertThat(host.locality()).as("locality").isEqualTo(new Locality("us-east", "zone-b", "rack-7"));
        assertThat(onlyService(part).subjectAltNames()).as("identities").isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            addressType: IPv4                    | addressType: FQDN
            kubernetes.io/service-name: primary  | "kubernetes.io/service-name: primary, endpointslice.kubernetes.io/managed-by: discovery-sync.beringia.io"
            kubernetes.io/service-name: primary  | kubernetes.io/service-name: other
            """, quoteCharacter = '"')
    void a_slice_by_name_of_nobody_or_of_ours_gives_nothing(String what, String instead) {
        LocalPart part =
                translate(PG_SERVICE, pg("pg-1", "10.1.0.1"), pgSlice("pg-1").replace(what, instead));

        assertThat(serving(part)).as(instead).isEmpty();
    }

    @Test
    void the_same_objects_in_any_order_give_the_same_part() {
        List<KubeObject> objects = new ArrayList<>();
        for (String manifest : List.of(
                NODE,
                SERVICE,
                POD,
                POD.replace("cart-1", "cart-2").replace("10.1.0.1", "10.1.0.2"),
                PG_SERVICE,
                pg("pg-1", "10.1.0.3"),
                pgSlice("pg-1"))) {
            objects.add(Manifests.compact(manifest));
        }
        LocalPart first = KubeTranslation.translate(KubeObjects.of(objects), CLUSTER);

        for (int seed = 0; seed < 50; seed++) {
            Collections.shuffle(objects, new Random(seed));
            assertThat(KubeTranslation.translate(KubeObjects.of(objects), CLUSTER))
                    .as("seed " + seed)
                    .isEqualTo(first);
        }
    }

    @Test
    void the_probe_of_the_gateways_is_offered_without_a_label() {
        String probe = SERVICE.replace("name: cart", "name: beringia-probe");

        assertThat(translate(probe.replace("namespace: shop", "namespace: beringia-system"))
                        .exports())
                .containsOnlyKeys(
                        ServiceName.parse("beringia-system/beringia-probe.beringia-system.svc.cluster.local"));
        assertThat(translate(probe).exports()).as("elsewhere").isEmpty();
    }

    private static List<String> serving(LocalPart part) {
        return part.workloads().stream()
                .filter(one -> one.serves(PRIMARY))
                .map(Workload::uid)
                .toList();
    }

    private static final String PG_SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: primary, namespace: pg, labels: {istio.io/global: "true"}}
            spec: {clusterIP: 10.0.0.9, ports: [{name: sql, port: 5432, targetPort: 5433}]}
            """;

    private static String pg(String name, String ip) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: pg}
                status: {phase: Running, podIP: %s, conditions: [{type: Ready, status: "True"}]}
                """.formatted(name, ip);
    }

    private static String pgSlice(String pod) {
        return """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: primary-1, namespace: pg, labels: {kubernetes.io/service-name: primary}}
                addressType: IPv4
                ports: [{name: sql, port: 5433, protocol: TCP}]
                endpoints:
                - {addresses: [10.1.0.1], targetRef: {kind: Pod, name: %s, namespace: pg}}
                - {addresses: [192.0.2.7], nodeName: node-1, zone: zone-b}
                """.formatted(pod);
    }
}
