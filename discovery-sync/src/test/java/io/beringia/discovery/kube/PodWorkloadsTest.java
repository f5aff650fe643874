package io.beringia.discovery.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Network;
import io.beringia.trust.identity.TrustDomain;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What became of pods the last time is used again; it must not show. */
final class PodWorkloadsTest {
    private static final LocalCluster CLUSTER = new LocalCluster(
            new ClusterId("us-east"),
            new Network("net-east"),
            new TrustDomain("cluster.local"),
            "cluster.local",
            "istio-system");

    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: %s, namespace: shop, labels: {app: %s%s}}
            spec:
              nodeName: node-1
              serviceAccountName: cart
              containers: [{name: app, ports: [{name: web, containerPort: %s}]}]
            status: {phase: Running, podIP: 10.1.0.1, conditions: [{type: Ready, status: "%s"}]}
            """;
    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: %s, namespace: shop, creationTimestamp: "2026-01-01T00:00:00Z"}
            spec: {clusterIP: 10.0.0.1, %s ports: [{name: http, port: 80, targetPort: %s}]}
            """;
    private static final String SLICE = """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: by-hand, namespace: shop, labels: {kubernetes.io/service-name: by-hand}}
            addressType: IPv4
            ports: [{name: http, port: %s}]
            endpoints: [{addresses: [10.1.0.1], targetRef: {kind: Pod, name: cart-1, namespace: shop}}]
            """;
    private static final String NAMESPACE = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop, labels: {%s}}
            """;
    private static final String NODE = """
            apiVersion: v1
            kind: Node
            metadata: {name: node-1, labels: {topology.kubernetes.io/region: %s}}
            """;
    private static final String EXPORT = """
            apiVersion: multicluster.x-k8s.io/v1beta1
            kind: ServiceExport
            metadata: {name: cart, namespace: shop, creationTimestamp: "2026-01-01T00:00:00Z"}
            """;
    private static final String GATEWAY = """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: waypoint, namespace: shop, labels: {istio.io/waypoint-for: %s}}
            spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
            status: {addresses: [{type: IPAddress, value: 10.0.0.9}]}
            """;
    private static final String POLICY = """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: allow, namespace: shop, creationTimestamp: "2026-01-01T00:00:00Z"}
            spec: {selector: {matchLabels: {app: %s}}, action: ALLOW, rules: [{}]}
            """;
    private static final String STRICT = """
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: strict, namespace: shop, creationTimestamp: "2026-01-01T00:00:00Z"}
            spec: {mtls: {mode: %s}}
            """;
    private static final String ENTRY = """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: ledger, namespace: shop, creationTimestamp: "2026-01-01T00:00:00Z"}
            spec:
              hosts: [ledger.example.org]
              ports: [{number: 80, name: http, protocol: HTTP, targetPort: %s}]
              resolution: STATIC
              workloadSelector: {labels: {app: cart}}
            """;

    /** Each in two ways. */
    private static final List<KubeObject> ALL = Stream.of(
                    POD.formatted("cart-1", "cart", "", 8080, "True"),
                    POD.formatted("cart-1", "cart", ", istio.io/use-waypoint: none", 8080, "False"),
                    POD.formatted("cart-2", "cart", "", 8080, "True"),
                    POD.formatted("cart-2", "other", "", 9090, "True"),
                    POD.formatted("wp", "wp", ", gateway.networking.k8s.io/gateway-name: waypoint", 8080, "True"),
                    POD.formatted("wp", "wp", "", 8080, "True"),
                    SERVICE.formatted("cart", "selector: {app: cart},", "web"),
                    SERVICE.formatted("cart", "selector: {app: other},", "8081"),
                    SERVICE.formatted("by-hand", "", "8080"),
                    SERVICE.formatted("by-hand", "selector: {app: cart},", "8080"),
                    SLICE.formatted(7000),
                    SLICE.formatted(7001),
                    NAMESPACE.formatted(""),
                    NAMESPACE.formatted("istio.io/use-waypoint: waypoint"),
                    NODE.formatted("us-east"),
                    NODE.formatted("us-west"),
                    GATEWAY.formatted("all"),
                    GATEWAY.formatted("service"),
                    EXPORT,
                    POLICY.formatted("cart"),
                    POLICY.formatted("other"),
                    STRICT.formatted("STRICT"),
                    STRICT.formatted("PERMISSIVE"),
                    ENTRY.formatted(8080),
                    ENTRY.formatted(8082))
            .map(Manifests::compact)
            .toList();

    @Test
    void what_changed_step_by_step_is_translated_as_if_nothing_had_been_there_before() {
        for (long seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            Map<String, KubeObject> there = new HashMap<>();
            PodWorkloads before = PodWorkloads.NONE;
            for (int step = 0; step < 50; step++) {
                KubeObject one = ALL.get(random.nextInt(ALL.size()));
                String key = one.getClass().getSimpleName() + one.name();
                if (random.nextInt(4) == 0) {
                    there.remove(key);
                } else {
                    there.put(key, one);
                }
                KubeTranslation.Translated stepwise =
                        KubeTranslation.translate(objects(there.values()), CLUSTER, before);
                before = stepwise.pods();
                assertThat(stepwise.part())
                        .as("seed %d, step %d, %s", seed, step, there.keySet())
                        .isEqualTo(KubeTranslation.translate(objects(there.values()), CLUSTER));
            }
        }
    }

    @Test
    void a_pod_that_is_as_it_was_beside_one_that_is_not_is_not_translated_again() {
        List<KubeObject> first = List.of(ALL.get(0), ALL.get(2), ALL.get(6));
        List<KubeObject> second = new ArrayList<>(List.of(ALL.get(1), ALL.get(2), ALL.get(6)));
        KubeTranslation.Translated before = KubeTranslation.translate(objects(first), CLUSTER, PodWorkloads.NONE);
        KubeTranslation.Translated after = KubeTranslation.translate(objects(second), CLUSTER, before.pods());

        assertThat(after.part().workloads().getFirst())
                .isNotEqualTo(before.part().workloads().getFirst());
        assertThat(after.part().workloads().getLast())
                .isSameAs(before.part().workloads().getLast());
        assertThat(after.pods().byPod()).as("of the pods that are there").hasSize(2);
    }

    private static KubeObjects objects(Collection<KubeObject> them) {
        return KubeObjects.of(them);
    }
}
