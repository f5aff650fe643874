package io.beringia.discovery.kube;

import io.beringia.discovery.catalog.Policy;
import io.beringia.discovery.catalog.Policy.Clause;
import io.beringia.discovery.catalog.Policy.Match;
import io.beringia.discovery.catalog.Policy.Text;
import io.beringia.discovery.kube.KubeObject.AuthorizationPolicyObject;
import io.beringia.discovery.kube.KubeObject.PeerAuthenticationObject;
import io.beringia.discovery.kube.KubeObject.PeerAuthenticationObject.Mode;
import io.beringia.trust.identity.SpiffeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Istio's policies as policies of layer 4, and which workload names which of them, as Istio's ambient mode has it (istio
 * {@code pilot/pkg/serviceregistry/ambient/policies.go} and {@code authorization.go}). Pure.
 */
final class PolicyRules {
    /** Underscores are in no name of a Kubernetes object. */
    private static final String STATIC_STRICT = "istio_converted_static_strict";

    private static final String CONVERTED = "converted_peer_authentication_";

    private static final String SCHEME = "spiffe://";

    /** Istio's word for the trust domain of the mesh, whatever it is called; only where that is its name does it match. */
    private static final String DEFAULT_TRUST_DOMAIN = "cluster.local";

    private static final List<Text> ANYBODY = List.of(new Text.Present());

    private final KubeObjects objects;
    private final LocalCluster cluster;

    PolicyRules(KubeObjects objects, LocalCluster cluster) {
        this.objects = objects;
        this.cluster = cluster;
    }

    LocalPolicies policies() {
        SortedMap<String, Policy> policies = new TreeMap<>();
        SortedMap<ObjectName, LocalPolicies.Ruling> rulings = new TreeMap<>();
        objects.policies().values().forEach(it -> {
            rulings.put(it.name(), ruling(it.reading()));
            policy(it).ifPresent(policy -> policies.put(policy.key(), policy));
        });
        objects.peerAuthentications().values().stream()
                .flatMap(it -> converted(it).stream())
                .forEach(policy -> policies.put(policy.key(), policy));
        if (!objects.peerAuthentications().isEmpty()) {
            policies.put(strictKey(), strict());
        }
        return new LocalPolicies(List.copyOf(policies.values()), rulings);
    }

    private Optional<Policy> policy(AuthorizationPolicyObject it) {
        return switch (it.reading()) {
            case PolicyReading.Enforced enforced ->
                Optional.of(new Policy(
                        it.name().namespace(),
                        it.name().name(),
                        scope(it),
                        enforced.action(),
                        enforced.rules(),
                        enforced.dryRun()));
            case PolicyReading.ForWaypoints() -> Optional.empty();
            case PolicyReading.NotEnforced(String _) -> Optional.empty();
        };
    }

    private Policy.Scope scope(AuthorizationPolicyObject it) {
        if (!it.selector().isEmpty()) {
            return Policy.Scope.WORKLOAD_SELECTOR;
        }
        return isRoot(it.name().namespace()) ? Policy.Scope.GLOBAL : Policy.Scope.NAMESPACE;
    }

    private boolean isRoot(String namespace) {
        return namespace.equals(cluster.rootNamespace());
    }

    /** Keys of the policies that only reach a workload which names them, those of Istio's kinds in this order. */
    List<String> named(String namespace, Map<String, String> labels) {
        List<String> keys = new ArrayList<>();
        objects.policies().values().stream()
                .filter(it -> it.reading() instanceof PolicyReading.Enforced)
                .filter(it -> selects(it.selector(), labels))
                .map(AuthorizationPolicyObject::name)
                .filter(it -> it.namespace().equals(namespace) || isRoot(it.namespace()))
                .forEach(it -> keys.add(it.toString()));
        strictness(namespace, labels).ifPresent(keys::add);
        return keys;
    }

    private static boolean selects(Map<String, String> selector, Map<String, String> labels) {
        return !selector.isEmpty() && labels.entrySet().containsAll(selector.entrySet());
    }

    private Optional<String> strictness(String namespace, Map<String, String> labels) {
        if (objects.peerAuthentications().isEmpty()) {
            return Optional.empty();
        }
        Optional<PeerAuthenticationObject> own = isRoot(namespace)
                ? Optional.empty()
                : oldest(it -> it.name().namespace().equals(namespace) && selects(it.selector(), labels));
        Optional<String> byPort = own.flatMap(this::converted).map(Policy::key);
        if (byPort.isPresent()) {
            return byPort;
        }
        return isStrict(namespace, own) ? Optional.of(strictKey()) : Optional.empty();
    }

    /** The most special word counts; without any, plain text is let in. */
    private boolean isStrict(String namespace, Optional<PeerAuthenticationObject> own) {
        return Stream.of(own, ofNamespace(namespace), ofNamespace(cluster.rootNamespace()))
                .flatMap(Optional::stream)
                .map(PeerAuthenticationObject::mode)
                .filter(mode -> mode != Mode.INHERITED)
                .findFirst()
                .equals(Optional.of(Mode.STRICT));
    }

    private Optional<PeerAuthenticationObject> ofNamespace(String namespace) {
        return oldest(
                it -> it.name().namespace().equals(namespace) && it.selector().isEmpty());
    }

    /** At each level the oldest one counts. */
    private Optional<PeerAuthenticationObject> oldest(Predicate<PeerAuthenticationObject> which) {
        return objects.peerAuthentications().values().stream()
                .filter(which)
                .min(Comparator.comparing(PeerAuthenticationObject::created)
                        .thenComparing(PeerAuthenticationObject::name));
    }

    /** One whose ports differ from the rest; it stands instead of the static one, since any DENY that matches denies. */
    private Optional<Policy> converted(PeerAuthenticationObject it) {
        if (isRoot(it.name().namespace()) || it.selector().isEmpty()) {
            return Optional.empty();
        }
        boolean strict = isStrict(it.name().namespace(), Optional.of(it));
        List<Integer> exceptions = it.ports().entrySet().stream()
                .filter(port -> port.getValue() == (strict ? Mode.OPEN : Mode.STRICT))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        return exceptions.isEmpty()
                ? Optional.empty()
                : Optional.of(denyPlainText(
                        it.name().namespace(),
                        CONVERTED + it.name().name(),
                        strict
                                ? plainText().withDestinationPorts(List.of(), exceptions)
                                : plainText().withDestinationPorts(exceptions, List.of())));
    }

    private Policy strict() {
        return denyPlainText(cluster.rootNamespace(), STATIC_STRICT, plainText());
    }

    private String strictKey() {
        return strict().key();
    }

    private static Match plainText() {
        return Match.EMPTY.withPrincipals(List.of(), ANYBODY);
    }

    private static Policy denyPlainText(String namespace, String name, Match match) {
        return new Policy(
                namespace,
                name,
                Policy.Scope.WORKLOAD_SELECTOR,
                Policy.Action.DENY,
                List.of(new Policy.Rule(List.of(new Clause(List.of(match))))),
                false);
    }

    private LocalPolicies.Ruling ruling(PolicyReading reading) {
        return switch (reading) {
            case PolicyReading.ForWaypoints() ->
                new LocalPolicies.Ruling(LocalPolicies.Standing.FOR_WAYPOINTS, List.of());
            case PolicyReading.NotEnforced(String remark) ->
                new LocalPolicies.Ruling(LocalPolicies.Standing.NOT_ENFORCED, List.of(remark));
            case PolicyReading.Enforced enforced ->
                new LocalPolicies.Ruling(
                        enforced.remarks().isEmpty()
                                ? LocalPolicies.Standing.ENFORCED
                                : LocalPolicies.Standing.STRICTER,
                        Stream.concat(enforced.remarks().stream(), mismatches(enforced))
                                .toList());
        };
    }

    /** Parts that are enforced as they are and will never match. */
    private Stream<String> mismatches(PolicyReading.Enforced enforced) {
        List<Match> matches = enforced.rules().stream()
                .flatMap(rule -> rule.clauses().stream())
                .flatMap(clause -> clause.matches().stream())
                .toList();
        return Stream.concat(
                matches.stream()
                        .flatMap(match -> Stream.concat(match.principals().stream(), match.notPrincipals().stream()))
                        .flatMap(this::mismatch)
                        .distinct(),
                matches.contains(Match.EMPTY)
                        ? Stream.of("an entry that says nothing: it matches nobody")
                        : Stream.of());
    }

    private Stream<String> mismatch(Text text) {
        if (text instanceof Text.Prefix(String start) && start.startsWith(SCHEME)) {
            return Stream.of("principal " + start + "*: it can never match (expected: no " + SCHEME + ")");
        }
        return text instanceof Text.Exact(String word) ? mismatch(word) : Stream.empty();
    }

    private Stream<String> mismatch(String word) {
        Optional<SpiffeId> id = SpiffeId.tryParse(SCHEME + word)
                .filter(it -> it.serviceAccount().isPresent());
        if (id.isEmpty()) {
            return Stream.of(
                    "principal " + word + ": it can never match (expected: trust-domain/ns/namespace/sa/account)");
        }
        String domain = id.get().trustDomain().name();
        return domain.equals(DEFAULT_TRUST_DOMAIN)
                        && !cluster.trustDomain().name().equals(domain)
                ? Stream.of("principal " + word + ": of the trust domain " + domain + " (expected: ours is "
                        + cluster.trustDomain().name() + ")")
                : Stream.empty();
    }
}
