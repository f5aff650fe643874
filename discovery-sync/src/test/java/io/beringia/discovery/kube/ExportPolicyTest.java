package io.beringia.discovery.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.peering.ExportDecision;
import io.beringia.discovery.peering.ExportDecisions;
import io.beringia.discovery.peering.ExportRules;
import io.beringia.discovery.peering.ProbeName;
import io.beringia.trust.identity.TrustDomain;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who gets {@code shop/cart}, by manifests of ExportPolicies and PeerClusters. */
final class ExportPolicyTest {
    private static final ServiceName CART = new ServiceName("shop", "cart.shop.svc.cluster.local");
    private static final LocalCluster CLUSTER = new LocalCluster(
            new ClusterId("home"), new Network("net"), new TrustDomain("mesh"), "cluster.local", "istio-system");
    private static final Set<ClusterId> PEERS = clusters("us-east us-west witness");
    private static final List<String> BASE = List.of(
            "---\n{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: red}}}",
            """
            ---
            {apiVersion: v1, kind: Service, metadata: {name: cart, namespace: shop, labels: {istio.io/global: "true", app: cart}},
             spec: {clusterIP: 10.0.0.1, ports: [{port: 80}]}}
            """,
            "---\n{apiVersion: beringia.io/v1alpha1, kind: PeerCluster, metadata: {name: us-east, labels: {tier: gold}}}",
            "---\n{apiVersion: beringia.io/v1alpha1, kind: PeerCluster, metadata: {name: us-west, labels: {tier: tin}}}");

    @ParameterizedTest(name = "{0}: {1} by default {2} goes to {3}")
    @CsvSource(delimiter = '|', textBlock = """
            shop         | {services: {names: [cart]}, consumers: [{cluster: us-east}]}                             | CLUSTERSET | us-east
            shop         | {services: {names: [cart]}, consumers: [{cluster: us-east}]}                             | NONE       | us-east
            shop         | {services: {names: [cart]}, consumers: []}                                               | CLUSTERSET | ''
            shop         | {services: {names: [other]}, consumers: []}                                              | CLUSTERSET | us-east us-west witness
            shop         | {services: {names: [other]}, consumers: [{clusterset: true}]}                            | NONE       | ''
            billing      | {services: {names: [cart]}, consumers: [{cluster: us-east}]}                             | NONE       | ''
            shop         | {services: {selector: {matchLabels: {app: cart}}}, consumers: [{clusterset: true}]}      | NONE       | us-east us-west witness
            shop         | {services: {selector: {matchLabels: {app: web}}}, consumers: [{clusterset: true}]}       | NONE       | ''
            shop         | {services: {selector: {}}, consumers: [{clusterSelector: {matchLabels: {tier: gold}}}]}  | NONE       | us-east
            shop         | {services: {selector: {}}, consumers: [{clusterSelector: {}}]}                           | NONE       | us-east us-west
            shop         | {services: {selector: {}}, consumers: [{clusterSelector: {matchExpressions: [{key: tier, operator: NotIn, values: [gold]}]}}]} | NONE | us-west
            shop         | {services: {selector: {}}, consumers: [{clusterSelector: {matchExpressions: [{key: tier, operator: DoesNotExist}]}}]} | NONE | ''
            shop         | {services: {selector: {}}, consumers: [{cluster: us-east}, {cluster: us-west}]}          | NONE       | us-east us-west
            shop         | {services: {selector: {}}, consumers: [{cluster: eu-west}]}                              | CLUSTERSET | ''
            istio-system | {services: {names: [cart]}, consumers: [{cluster: us-west}]}                             | CLUSTERSET | us-west
            istio-system | {services: {selector: {}}, namespaceSelector: {matchLabels: {team: red}}, consumers: [{cluster: us-west}]}  | NONE | us-west
            istio-system | {services: {selector: {}}, namespaceSelector: {matchLabels: {team: blue}}, consumers: [{cluster: us-west}]} | NONE | ''
            """)
    void a_service_goes_to_whom_the_policies_about_it_name_or_where_none_is_by_default(
            String namespace, String spec, ExportRules.Default byDefault, String consumers) {
        ExportDecisions decisions = decide(byDefault, policy(namespace, "one", 1, spec));

        assertThat(decisions.of(CART).consumers()).isEqualTo(clusters(consumers));
        assertThat(decisions.policies())
                .allSatisfy((name, it) -> assertThat(it.problems()).isEmpty());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            shop | 7                                                                             | spec.services: nothing (expected: names or selector)
            shop | {consumers: [{clusterset: true}]}                                             | spec.services: nothing (expected: names or selector)
            shop | {services: {names: [cart], selector: {}}, consumers: [{clusterset: true}]}    | spec.services: names and selector (expected: names or selector)
            shop | {services: {names: cart}, consumers: [{clusterset: true}]}                    | spec.services.names: 0 entries (expected: a list of at most 256 texts)
            shop | {services: {names: [7]}, consumers: [{clusterset: true}]}                     | spec.services.names: 1 entries (expected: a list of at most 256 texts)
            shop | {services: {selector: all}, consumers: [{clusterset: true}]}                  | spec.services.selector: no selector (expected: matchLabels, matchExpressions)
            shop | {services: {selector: {labels: {}}}, consumers: [{clusterset: true}]}         | spec.services.selector.labels: unknown (expected: matchExpressions, matchLabels)
            shop | {services: {selector: {matchLabels: {app: 7}}}, consumers: [{clusterset: true}]} | spec.services.selector.matchLabels: not all texts (expected: labels and their values)
            shop | {services: {selector: {matchExpressions: [{key: app, operator: Like, values: [c]}]}}, consumers: [{clusterset: true}]} | spec.services.selector.matchExpressions: "app Like" with 1 values (expected: a key with In or NotIn and values, or with Exists or DoesNotExist and none)
            shop | {services: {selector: {matchExpressions: [{key: app, operator: In}]}}, consumers: [{clusterset: true}]} | spec.services.selector.matchExpressions: "app In" with 0 values (expected: a key with In or NotIn and values, or with Exists or DoesNotExist and none)
            shop | {services: {selector: {}}}                                                    | spec.consumers: 0 entries (expected: a list of at most 256 consumers)
            shop | {services: {selector: {}}, consumers: [us-east]}                              | spec.consumers: 1 entries (expected: a list of at most 256 consumers)
            shop | {services: {selector: {}}, consumers: [{}]}                                   | spec.consumers[0]: nothing (expected: one of cluster, clusterSelector and clusterset: true)
            shop | {services: {selector: {}}, consumers: [{clusterset: false}]}                  | spec.consumers[0]: clusterset (expected: one of cluster, clusterSelector and clusterset: true)
            shop | {services: {selector: {}}, consumers: [{cluster: us-east}, {cluster: a, clusterset: true}]} | spec.consumers[1]: cluster, clusterset (expected: one of cluster, clusterSelector and clusterset: true)
            shop | {services: {selector: {}}, consumers: [{cluster: "us *"}]}                    | spec.consumers[0].cluster: "us *" (expected: the name of a cluster)
            shop | {services: {selector: {}}, consumers: [{clusterSelector: tier=gold}]}         | spec.consumers[0].clusterSelector: no selector (expected: matchLabels, matchExpressions)
            shop | {services: {selector: {}}, consumers: [{clusterset: true}], clients: []}      | spec.clients: nobody (expected: at least 1, or no such field)
            shop | {services: {selector: {}}, consumers: [{clusterset: true}], clients: ["*"]}   | spec.clients: "*" (expected: an exact SPIFFE ID)
            shop | {services: {selector: {}}, consumers: [{clusterset: true}], namespaceSelector: {}} | spec.namespaceSelector: in shop (expected: only in the root namespace, istio-system)
            shop | {services: {selector: {}}, consumers: [{clusterset: true}], client: [a]}      | spec.client: unknown (expected: clients, consumers, namespaceSelector, services)
            istio-system | {services: {selector: {}}, consumers: [{clusterset: true}], namespaceSelector: red} | spec.namespaceSelector: no selector (expected: matchLabels, matchExpressions)
            """)
    void a_policy_that_cannot_be_read_is_named_and_lets_nobody_have_what_it_may_be_about(
            String namespace, String spec, String problem) {
        for (ExportRules.Default byDefault : ExportRules.Default.values()) {
            ExportDecisions decisions = decide(byDefault, policy(namespace, "one", 1, spec));

            assertThat(decisions.policies().get(new ObjectName(namespace, "one")))
                    .satisfies(it ->
                            assertThat(Objects.requireNonNull(it).problems()).contains(problem));
            assertThat(decisions.of(CART).consumers())
                    .as("by default %s", byDefault)
                    .isEmpty();
            assertThat(decisions.of(CART).verdict()).isEqualTo(ExportDecision.Verdict.DENIED_BY_POLICY);
        }
    }

    @Test
    void several_policies_are_heard_together_and_a_broken_one_takes_nothing_from_the_others() {
        ExportDecision said = decide(
                        ExportRules.Default.CLUSTERSET,
                        policy("shop", "b", 2, "{services: {names: [cart]}, consumers: [{cluster: us-west}]}"),
                        policy("shop", "a", 3, "{services: {names: [cart]}, consumers: [{cluster: us-east}]}"),
                        policy("shop", "broken", 1, "{services: {names: [cart]}}"))
                .of(CART);

        assertThat(said.consumers()).isEqualTo(clusters("us-east us-west"));
        assertThat(said.by()).as("oldest first").extracting(ObjectName::name).containsExactly("broken", "b", "a");
    }

    @Test
    void an_annotation_narrows_what_policies_say_and_never_widens_it() {
        List<String> annotated = new ArrayList<>(BASE);
        annotated.set(
                1,
                BASE.get(1)
                        .replace("app: cart}", "app: cart}, annotations: {beringia.io/export-to: 'us-west,witness'}"));
        annotated.add(policy(
                "shop", "one", 1, "{services: {names: [cart]}, consumers: [{cluster: us-east}, {cluster: us-west}]}"));

        assertThat(rules(ExportRules.Default.NONE)
                        .decide(Manifests.translate(CLUSTER, annotated), PEERS)
                        .of(CART)
                        .consumers())
                .isEqualTo(clusters("us-west"));
    }

    @Test
    void of_policies_that_name_different_clients_the_oldest_is_heard_and_the_others_are_told() {
        String web =
                "{services: {names: [cart]}, consumers: [{cluster: us-east}], clients: ['spiffe://mesh/ns/shop/sa/web']}";
        String all = "{services: {names: [cart]}, consumers: [{cluster: us-west}]}";

        ExportDecisions decisions =
                decide(ExportRules.Default.NONE, policy("shop", "web", 1, web), policy("shop", "all", 2, all));

        assertThat(decisions.of(CART).consumers()).isEqualTo(clusters("us-east"));
        assertThat(decisions.of(CART).clients())
                .extracting(Object::toString)
                .containsExactly("spiffe://mesh/ns/shop/sa/web");
        assertThat(Objects.requireNonNull(decisions.policies().get(new ObjectName("shop", "all")))
                        .overruled())
                .containsExactly(Map.entry(CART, new ObjectName("shop", "web")));
        assertThat(decide(ExportRules.Default.NONE, policy("shop", "web", 2, web), policy("shop", "all", 1, all))
                        .of(CART))
                .as("the other is older")
                .satisfies(it -> assertThat(it.consumers()).isEqualTo(clusters("us-west")))
                .satisfies(it -> assertThat(it.clients()).isEmpty());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            {name: eu-west, labels: {tier: gold}}                           | metadata.name: eu-west (expected: a peer of the configuration, [us-east, us-west, witness])
            {name: witness, labels: {tier: gold}}, spec: {networks: [net1]} | spec.networks: unknown (expected: stalePolicy)
            {name: witness, labels: {tier: gold}}, spec: {stalePolicy: out} | spec.stalePolicy: "out" (expected: keep, depreference or drop)
            """)
    void a_peer_cluster_that_nobody_configured_or_that_asks_for_more_has_no_labels(String peer, String problem) {
        List<String> manifests = new ArrayList<>(BASE);
        manifests.add("---\n{apiVersion: beringia.io/v1alpha1, kind: PeerCluster, metadata: " + peer + "}");
        manifests.add(policy(
                "shop",
                "one",
                1,
                "{services: {names: [cart]}, consumers: [{clusterSelector: {matchLabels: {tier: gold}}}]}"));

        ExportDecisions decisions =
                rules(ExportRules.Default.NONE).decide(Manifests.translate(CLUSTER, manifests), PEERS);

        assertThat(decisions.peers().values()).contains(List.of(problem));
        assertThat(decisions.of(CART).consumers()).isEqualTo(clusters("us-east"));
    }

    @Test
    void the_definition_has_the_fields_that_are_read() {
        Map<String, Object> spec = schema(definition("exportpolicies"), "spec");

        assertThat(fields(spec)).containsOnlyKeys("services", "namespaceSelector", "consumers", "clients");
        assertThat(fields(schema(spec, "services"))).containsOnlyKeys("names", "selector");
        assertThat(fields(asMap(schema(spec, "consumers").get("items"))))
                .containsOnlyKeys("cluster", "clusterSelector", "clusterset");
        assertThat(fields(definition("peerclusters"))).containsOnlyKeys("spec", "status");
        assertThat(fields(schema(definition("peerclusters"), "spec"))).containsOnlyKeys("stalePolicy");
        assertThat(fields(schema(definition("peerclusters"), "status")))
                .containsOnlyKeys("lastHeard", "lastListed", "services", "conditions");
    }

    private static Map<String, Object> definition(String plural) {
        try (InputStream yaml = LocalPart.class.getResourceAsStream(plural + ".yaml")) {
            Map<String, Object> all = asMap(new KubernetesSerialization().unmarshal(yaml, Map.class));
            Object version =
                    ((List<?>) Objects.requireNonNull(asMap(all.get("spec")).get("versions"))).getFirst();
            return asMap(asMap(asMap(version).get("schema")).get("openAPIV3Schema"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Map<String, Object> schema(Map<String, Object> of, String field) {
        return asMap(fields(of).get(field));
    }

    private static Map<String, Object> fields(Map<String, Object> of) {
        return asMap(of.get("properties"));
    }

    @SuppressWarnings("unchecked") // as YAML is
    private static Map<String, Object> asMap(@Nullable Object yaml) {
        return (Map<String, Object>) Objects.requireNonNull(yaml);
    }

    private static ExportDecisions decide(ExportRules.Default byDefault, String... policies) {
        List<String> manifests = new ArrayList<>(BASE);
        manifests.addAll(List.of(policies));
        return rules(byDefault).decide(Manifests.translate(CLUSTER, manifests), PEERS);
    }

    private static ExportRules rules(ExportRules.Default byDefault) {
        return ExportRules.of(byDefault, Set.of(), ProbeName.DEFAULT);
    }

    /** @param age the day of January on which it was made */
    private static String policy(String namespace, String name, int age, String spec) {
        return "---\n{apiVersion: beringia.io/v1alpha1, kind: ExportPolicy, metadata: {name: " + name + ", namespace: "
                + namespace + ", creationTimestamp: \"2026-01-0" + age + "T00:00:00Z\"}, spec: " + spec + "}";
    }

    private static Set<ClusterId> clusters(String names) {
        return Arrays.stream(names.split(" ", -1))
                .filter(name -> !name.isEmpty())
                .map(ClusterId::new)
                .collect(Collectors.toSet());
    }
}
