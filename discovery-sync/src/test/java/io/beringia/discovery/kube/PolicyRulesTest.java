package io.beringia.discovery.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.AuthorizationRules;
import io.beringia.discovery.catalog.AuthorizationRules.Attempt;
import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.Policy;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.wire.FileCatalog;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Istio's policies in, policies of layer 4 out. */
final class PolicyRulesTest {
    private static final LocalCluster CLUSTER = new LocalCluster(
            new ClusterId("us-east"),
            new Network("net-east"),
            new TrustDomain("prod.example"),
            "cluster.local",
            "istio-system");
    private static final Optional<SpiffeId> WEB = Optional.of(SpiffeId.parse("spiffe://prod.example/ns/web/sa/web"));

    private static KubeObject policy(String namespace, String name, String spec) {
        return Manifests.compact(manifest("AuthorizationPolicy", namespace, name, 0, spec));
    }

    private static KubeObject peerAuthentication(String namespace, String name, int age, String spec) {
        return Manifests.compact(manifest("PeerAuthentication", namespace, name, age, spec));
    }

    private static String manifest(String kind, String namespace, String name, int age, String spec) {
        return """
                apiVersion: security.istio.io/v1
                kind: %s
                metadata: {name: "%s", namespace: "%s", creationTimestamp: "%d-01-01T00:00:00Z"}
                spec: %s
                """.formatted(kind, name, namespace, 2026 - age, spec);
    }

    private static KubeObject pod(String namespace, String app) {
        return Manifests.compact("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %2$s-1, namespace: %1$s, labels: {app: %2$s}}
                spec: {serviceAccountName: %2$s}
                status: {phase: Running, podIP: 10.1.0.1, conditions: [{type: Ready, status: "True"}]}
                """.formatted(namespace, app));
    }

    private static LocalPart translate(KubeObject... objects) {
        return translate(List.of(objects));
    }

    private static LocalPart translate(List<KubeObject> objects) {
        return KubeTranslation.translate(KubeObjects.of(objects), CLUSTER);
    }

    private static Policy parsed(String yaml) {
        return FileCatalog.parse("policies: [" + yaml + "]").policies().values().stream()
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # without rules nothing matches; an empty rule matches everything
            {}                                                              | allow | []
            {rules: [{}]}                                                   | allow | [[]]
            {action: DENY, rules: [{}]}                                     | deny  | [[]]
            # from, to and when must all match, the entries of each are alternatives
            {rules: [{from: [{source: {principals: [prod.example/ns/web/sa/web]}}, {source: {namespaces: [ops]}}], to: [{operation: {ports: ["8080", "8443"]}}]}]} | allow | [[[{destination-ports: [8080, 8443]}], [{principals: [prod.example/ns/web/sa/web]}, {namespaces: [ops]}]]]
            {action: DENY, rules: [{from: [{source: {notPrincipals: ["*"]}}]}]} | deny | [[[{not-principals: ["*"]}]]]
            {rules: [{from: [{source: {principals: ["prod.example/ns/web/*", "*/sa/ops"]}}]}]} | allow | [[[{principals: ["prod.example/ns/web/*", "*/sa/ops"]}]]]
            {rules: [{from: [{source: {ipBlocks: [10.0.0.0/8, 10.9.9.9, "fd00::/64"], notIpBlocks: [10.1.0.0/16]}}]}]} | allow | [[[{source-ips: [10.0.0.0/8, 10.9.9.9/32, "fd00::/64"], not-source-ips: [10.1.0.0/16]}]]]
            # an account without namespace is of the policy's
            {rules: [{from: [{source: {serviceAccounts: [web, ops/admin], notServiceAccounts: [ops/guest]}}]}]} | allow | [[[{service-accounts: [shop/web, ops/admin], not-service-accounts: [ops/guest]}]]]
            {rules: [{to: [{operation: {notPorts: ["22"]}}]}]}              | allow | [[[{not-destination-ports: [22]}]]]
            # the conditions that layer 4 has
            {rules: [{when: [{key: source.namespace, values: [a], notValues: [b]}, {key: source.principal, values: ["*"]}, {key: source.ip, values: [10.0.0.1]}, {key: destination.ip, notValues: [10.0.0.0/8]}, {key: destination.port, values: ["80"]}]}]} | allow | [[[{namespaces: [a], not-namespaces: [b]}], [{principals: ["*"]}], [{source-ips: [10.0.0.1/32]}], [{not-destination-ips: [10.0.0.0/8]}], [{destination-ports: [80]}]]]
            # as it is written, whether it can match or not
            {rules: [{from: [{source: {principals: [cluster.local/ns/a/sa/b, "spiffe://prod.example/ns/a/sa/b"]}}]}]} | allow | [[[{principals: [cluster.local/ns/a/sa/b, "spiffe://prod.example/ns/a/sa/b"]}]]]
            {action: DENY, rules: [{from: [{source: {principals: [cluster.local/ns/a/sa/b, "spiffe://prod.example/ns/a/sa/b"]}}]}]} | deny | [[[{principals: [cluster.local/ns/a/sa/b, "spiffe://prod.example/ns/a/sa/b"]}]]]
            # an entry that says nothing matches nobody
            {rules: [{from: [{source: {principals: []}}]}]}                 | allow | [[[{}]]]
            {action: DENY, rules: [{from: [{source: {principals: []}}]}]}   | deny  | [[[{}]]]
            """)
    void what_layer_4_has_is_translated_as_it_is_written(String spec, String action, String rules) {
        LocalPart part = translate(policy("shop", "p", spec));

        assertThat(part.policies().policies())
                .containsExactly(parsed(
                        "{namespace: shop, name: p, scope: namespace, action: " + action + ", rules: " + rules + "}"));
        assertThat(standing(part)).isEqualTo(LocalPolicies.Standing.ENFORCED);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # an ALLOW admits less: whoever is only told apart by requests is not admitted
            {rules: [{to: [{operation: {methods: [GET], ports: ["80"]}}]}, {to: [{operation: {ports: ["81"]}}]}]} | allow | [[[{destination-ports: [81]}]]]
            {rules: [{from: [{source: {requestPrincipals: ["*"]}}]}]}       | allow | []
            {rules: [{when: [{key: "request.headers[x]", values: [a]}]}]}   | allow | []
            {rules: [{from: [{source: {remoteIpBlocks: [10.0.0.0/8]}}]}]}   | allow | []
            {rules: [{from: [{source: {unheardOf: [a]}}]}]}                 | allow | []
            {rules: [{unheardOf: [a]}]}                                     | allow | []
            # a DENY keeps what layer 4 has of it, and so denies more
            {action: DENY, rules: [{from: [{source: {namespaces: [ops]}}], to: [{operation: {paths: [/admin]}}]}]} | deny | [[[{namespaces: [ops]}]]]
            {action: DENY, rules: [{to: [{operation: {paths: [/admin], ports: ["80"]}}]}]} | deny | [[[{destination-ports: [80]}]]]
            {action: DENY, rules: [{to: [{operation: {paths: [/admin]}}, {operation: {ports: ["80"]}}]}]} | deny | [[]]
            {action: DENY, rules: [{to: [{operation: {paths: [/admin]}}]}]} | deny | [[]]
            {action: DENY, rules: [{when: [{key: request.auth.claims, notValues: [a]}, {key: source.ip, values: [10.0.0.1]}]}]} | deny | [[[{source-ips: [10.0.0.1/32]}]]]
            # what cannot be read: an ALLOW without the rule, a DENY without the limit
            {rules: [{to: [{operation: {ports: ["80", "http"]}}]}]}         | allow | []
            {rules: [{to: [{operation: {notPorts: ["70000"]}}]}]}           | allow | []
            {rules: [{from: [{source: {namespaces: [""]}}]}]}               | allow | []
            {rules: [{from: [{source: {serviceAccounts: ["*"]}}]}]}         | allow | []
            {rules: [{from: [{source: {ipBlocks: [10.0.0.0/33]}}]}]}        | allow | []
            {rules: [{from: [{source: {principals: web}}]}]}                | allow | []
            {rules: [{from: everybody}]}                                    | allow | []
            {action: DENY, rules: [{from: [{source: {namespaces: [ops]}}], to: [{operation: {ports: ["80", "http"]}}]}]} | deny | [[[{namespaces: [ops]}]]]
            {action: DENY, rules: [{from: [{source: {ipBlocks: [ten]}}]}]}  | deny | [[]]
            {action: DENY, rules: [{from: [{source: {namespaces: [ops], notPrincipals: ["", a]}}]}]} | deny | [[[{namespaces: [ops]}]]]
            # nobody can be asked, so what would be asked for is denied
            {action: CUSTOM, provider: {name: opa}, rules: [{to: [{operation: {ports: ["80"]}}]}]} | deny | [[[{destination-ports: [80]}]]]
            {action: LATER, rules: [{}]}                                    | deny | [[]]
            """)
    void what_layer_4_lacks_is_read_strictly(String spec, String action, String rules) {
        LocalPart part = translate(policy("shop", "p", spec));

        assertThat(part.policies().policies())
                .containsExactly(parsed(
                        "{namespace: shop, name: p, scope: namespace, action: " + action + ", rules: " + rules + "}"));
        assertThat(standing(part)).isEqualTo(LocalPolicies.Standing.STRICTER);
        assertThat(remarks(part)).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cluster.local/ns/a/sa/b         | principal cluster.local/ns/a/sa/b: of the trust domain cluster.local (expected: ours is prod.example)
            spiffe://prod.example/ns/a/sa/b | principal spiffe://prod.example/ns/a/sa/b: it can never match (expected: trust-domain/ns/namespace/sa/account)
            spiffe://*                      | principal spiffe://*: it can never match (expected: no spiffe://)
            prod.example/a                  | principal prod.example/a: it can never match (expected: trust-domain/ns/namespace/sa/account)
            """)
    void a_principal_that_can_never_match_is_remarked(String principal, String remark) {
        LocalPart part =
                translate(policy("shop", "p", "{rules: [{from: [{source: {principals: [\"" + principal + "\"]}}]}]}"));

        assertThat(remarks(part)).containsExactly(remark);
        assertThat(verdict(part, translate(pod("shop", "cart")), WEB, 80))
                .as("nobody is allowed")
                .isFalse();
    }

    @Test
    void a_policy_with_a_target_is_for_waypoints_and_one_for_the_records_restricts_nobody() {
        LocalPart part = translate(
                policy("shop", "a", "{targetRef: {kind: Gateway, name: waypoint}, rules: []}"),
                policy("shop", "b", "{targetRefs: [{kind: Service, name: cart}], action: DENY, rules: [{}]}"),
                policy("shop", "c", "{action: AUDIT, rules: [{}]}"),
                pod("shop", "cart"));

        assertThat(part.policies().policies()).isEmpty();
        assertThat(onlyWorkload(part).policies()).isEmpty();
        assertThat(part.policies().rulings().values())
                .extracting(LocalPolicies.Ruling::standing)
                .containsExactly(
                        LocalPolicies.Standing.FOR_WAYPOINTS,
                        LocalPolicies.Standing.FOR_WAYPOINTS,
                        LocalPolicies.Standing.NOT_ENFORCED);
    }

    @ParameterizedTest
    @CsvSource({
        "'true', true, true",
        "'false', false, true",
        "'maybe', false, false",
    })
    void under_dry_run_it_decides_nothing_and_a_word_that_says_neither_is_none(
            String word, boolean dryRun, boolean isClear) {
        LocalPart part = translate(Manifests.compact(manifest("AuthorizationPolicy", "shop", "p", 0, "{rules: [{}]}")
                .replace("metadata: {", "metadata: {annotations: {istio.io/dry-run: \"" + word + "\"}, ")));

        assertThat(part.policies().policies()).extracting(Policy::dryRun).containsExactly(dryRun);
        assertThat(remarks(part).isEmpty()).isEqualTo(isClear);
    }

    @ParameterizedTest
    @CsvSource({
        // namespace, selector, scope, named by shop/cart, by shop/web and by ops/cart
        "shop, '{}', NAMESPACE, false, false, false",
        "shop, '{matchLabels: {}}', NAMESPACE, false, false, false",
        "istio-system, '{}', GLOBAL, false, false, false",
        "shop, '{matchLabels: {app: cart}}', WORKLOAD_SELECTOR, true, false, false",
        "istio-system, '{matchLabels: {app: cart}}', WORKLOAD_SELECTOR, true, false, true",
        "shop, '{matchLabels: {app: cart, tier: x}}', WORKLOAD_SELECTOR, false, false, false",
    })
    void a_selector_is_obeyed_by_naming_the_policy(
            String namespace, String selector, Policy.Scope scope, boolean cart, boolean web, boolean other) {
        KubeObject policy = policy(namespace, "p", "{selector: " + selector + "}");
        List<String> named = List.of(namespace + "/p");

        assertThat(translate(policy).policies().policies())
                .extracting(Policy::scope)
                .containsExactly(scope);
        assertThat(named.equals(
                        onlyWorkload(translate(policy, pod("shop", "cart"))).policies()))
                .isEqualTo(cart);
        assertThat(named.equals(
                        onlyWorkload(translate(policy, pod("shop", "web"))).policies()))
                .isEqualTo(web);
        assertThat(named.equals(
                        onlyWorkload(translate(policy, pod("ops", "cart"))).policies()))
                .isEqualTo(other);
    }

    @Test
    void peer_authentications_become_policies_under_the_names_that_istio_gives_them() {
        LocalPart part = translate(
                peerAuthentication("istio-system", "default", 0, "{mtls: {mode: STRICT}}"),
                peerAuthentication(
                        "shop",
                        "ports",
                        0,
                        "{selector: {matchLabels: {app: cart}}, portLevelMtls: {9000: {mode: PERMISSIVE}, 9001: {mode: DISABLE}}}"),
                peerAuthentication(
                        "ops",
                        "ports",
                        0,
                        "{selector: {matchLabels: {app: cart}}, mtls: {mode: PERMISSIVE}, portLevelMtls: {22: {mode: STRICT}}}"),
                pod("shop", "cart"));

        assertThat(part.policies().policies()).containsExactly(parsed("""
                                {namespace: istio-system, name: istio_converted_static_strict, scope: workload-selector,
                                 action: deny, rules: [[[{not-principals: ["*"]}]]]}"""), parsed("""
                                {namespace: ops, name: converted_peer_authentication_ports, scope: workload-selector,
                                 action: deny, rules: [[[{not-principals: ["*"], destination-ports: [22]}]]]}"""), parsed("""
                                {namespace: shop, name: converted_peer_authentication_ports, scope: workload-selector,
                                 action: deny, rules: [[[{not-principals: ["*"], not-destination-ports: [9000, 9001]}]]]}"""));
        assertThat(onlyWorkload(part).policies()).containsExactly("shop/converted_peer_authentication_ports");
    }

    /** Against the model of Istio's documentation: workload over namespace over mesh, the oldest of each, ports over all. */
    @Test
    void plain_text_is_let_in_exactly_where_the_peer_authentications_say_so() {
        for (long seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            List<PeerAuth> all = new ArrayList<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                all.add(PeerAuth.random(random, i));
            }
            List<KubeObject> objects =
                    new ArrayList<>(all.stream().map(PeerAuth::object).toList());
            objects.add(pod("shop", "cart"));
            LocalPart part = translate(objects);

            for (int port : List.of(80, 81, 82)) {
                assertThat(verdict(part, part, Optional.empty(), port))
                        .as("seed %d, plain text to %d under %s", seed, port, all)
                        .isEqualTo(PeerAuth.admitsPlainText(all, port));
                assertThat(verdict(part, part, WEB, port))
                        .as("with an identity")
                        .isTrue();
            }
        }
    }

    @Test
    void a_port_that_cannot_be_read_lets_no_plain_text_in() {
        LocalPart part = translate(
                peerAuthentication(
                        "shop",
                        "a",
                        0,
                        "{selector: {matchLabels: {app: cart}}, portLevelMtls: {http: {mode: STRICT}}}"),
                pod("shop", "cart"));

        assertThat(verdict(part, part, Optional.empty(), 80)).isFalse();
    }

    @Test
    void in_every_order_of_events_each_workload_names_only_policies_that_are_there() {
        List<WatchNews> news = List.of(
                new WatchNews.Put(pod("shop", "cart")),
                new WatchNews.Put(policy("shop", "p", "{selector: {matchLabels: {app: cart}}}")),
                new WatchNews.Put(peerAuthentication("shop", "strict", 0, "{mtls: {mode: STRICT}}")),
                new WatchNews.Gone(WatchNews.Watched.AUTHORIZATION_POLICIES, new ObjectName("shop", "p")),
                new WatchNews.Gone(WatchNews.Watched.PEER_AUTHENTICATIONS, new ObjectName("shop", "strict")));
        for (long seed = 0; seed < 200; seed++) {
            List<WatchNews> shuffled = new ArrayList<>(news);
            Collections.shuffle(shuffled, new Random(seed));
            ClusterStore store = new ClusterStore(CLUSTER);
            for (WatchNews.Watched kind : WatchNews.Watched.values()) {
                store.apply(new WatchNews.Listed(kind, 0), Instant.EPOCH);
            }
            for (WatchNews one : shuffled) {
                store.apply(one, Instant.EPOCH);
                store.changed()
                        .ifPresent(part -> assertThat(part.policies().policies().stream()
                                        .map(Policy::key)
                                        .collect(Collectors.toSet()))
                                .as("%s of %s", one, shuffled)
                                .containsAll(part.workloads().stream()
                                        .flatMap(it -> it.policies().stream())
                                        .toList()));
            }
        }
    }

    @Test
    void nothing_is_told_before_policies_were_listed_or_are_known_not_to_be_there() {
        ClusterStore store = new ClusterStore(CLUSTER);
        Set<WatchNews.Watched> rest = new TreeSet<>(Set.of(WatchNews.Watched.values()));
        rest.remove(WatchNews.Watched.AUTHORIZATION_POLICIES);
        rest.forEach(kind -> store.apply(new WatchNews.Listed(kind, 0), Instant.EPOCH));

        assertThat(store.changed()).isEmpty();
        store.apply(new WatchNews.Absent(WatchNews.Watched.AUTHORIZATION_POLICIES), Instant.EPOCH);
        assertThat(store.changed()).isPresent();
    }

    private static LocalPolicies.Standing standing(LocalPart part) {
        return part.policies().rulings().values().iterator().next().standing();
    }

    private static List<String> remarks(LocalPart part) {
        return part.policies().rulings().values().iterator().next().remarks();
    }

    private static Workload onlyWorkload(LocalPart part) {
        assertThat(part.workloads()).as("workloads").hasSize(1);
        return part.workloads().getFirst();
    }

    /** Whether the only workload of {@code of} admits that peer under the policies of {@code part}. */
    private static boolean verdict(LocalPart part, LocalPart of, Optional<SpiffeId> peer, int port) {
        Catalog catalog = Catalog.of(
                1,
                PlanVersion.NONE,
                of.workloads(),
                List.of(),
                part.policies().policies(),
                List.of(),
                List.of(),
                List.of());
        IpAddress ip = IpAddress.parse("10.9.0.1");
        return AuthorizationRules.judge(catalog, onlyWorkload(of), new Attempt(peer, ip, ip, port))
                instanceof AuthorizationRules.Verdict.Allow;
    }

    /** One PeerAuthentication; {@code port} 0 is none. */
    private record PeerAuth(String namespace, boolean selects, String mode, int port, String portMode, int age) {
        private static final List<String> MODES = List.of("UNSET", "PERMISSIVE", "STRICT", "DISABLE");

        static PeerAuth random(Random random, int age) {
            return new PeerAuth(
                    List.of("istio-system", "shop", "ops").get(random.nextInt(3)),
                    random.nextBoolean(),
                    MODES.get(random.nextInt(4)),
                    random.nextInt(3) == 0 ? 0 : 80 + random.nextInt(2),
                    MODES.get(random.nextInt(4)),
                    age);
        }

        KubeObject object() {
            return peerAuthentication(
                    namespace,
                    "p" + age,
                    age,
                    "{%s mtls: {mode: %s}%s}"
                            .formatted(
                                    selects ? "selector: {matchLabels: {app: cart}}," : "",
                                    mode,
                                    port == 0 ? "" : ", portLevelMtls: {" + port + ": {mode: " + portMode + "}}"));
        }

        static boolean admitsPlainText(List<PeerAuth> all, int port) {
            Optional<PeerAuth> workload = oldest(all, "shop", true);
            Optional<String> ofPort = workload.filter(it -> it.port == port).map(PeerAuth::portMode);
            Optional<String> said = ofPort.filter(mode -> !mode.equals("UNSET"))
                    .or(() -> Stream.of(workload, oldest(all, "shop", false), oldest(all, "istio-system", false))
                            .flatMap(level -> level.map(PeerAuth::mode).stream())
                            .filter(mode -> !mode.equals("UNSET"))
                            .findFirst());
            return !said.equals(Optional.of("STRICT"));
        }

        private static Optional<PeerAuth> oldest(List<PeerAuth> all, String namespace, boolean selects) {
            return all.stream()
                    .filter(it -> it.namespace.equals(namespace) && it.selects == selects)
                    .max((a, b) -> Integer.compare(a.age, b.age));
        }
    }
}
