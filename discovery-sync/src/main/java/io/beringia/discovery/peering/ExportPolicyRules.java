package io.beringia.discovery.peering;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.kube.ExportObjects;
import io.beringia.discovery.kube.ExportPolicySpec.Consumers;
import io.beringia.discovery.kube.KubeObject.ExportPolicyObject;
import io.beringia.discovery.kube.KubeObject.PeerClusterObject;
import io.beringia.discovery.kube.LocalPart;
import io.beringia.discovery.kube.LocalPart.Export.Origin;
import io.beringia.discovery.kube.ObjectName;
import io.beringia.discovery.peering.ExportDecisions.PolicyStanding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What ExportPolicies say. One that cannot be read is about its services all the same, and lets nobody have them: without it
 * the default would. A gateway asks for one set of clients, so of policies that name different ones the oldest wins.
 * Owned by one decision.
 */
final class ExportPolicyRules {
    private static final Comparator<ExportPolicyObject> OLDEST =
            Comparator.comparing(ExportPolicyObject::created).thenComparing(ExportPolicyObject::name);

    private final String rootNamespace;
    private final Set<ClusterId> peers;
    private final Map<ClusterId, Map<String, String>> labels = new HashMap<>();
    private final SortedMap<ObjectName, List<String>> peerProblems = new TreeMap<>();
    private final Map<String, List<Rule>> rules = new HashMap<>();
    private final SortedMap<ObjectName, Rule> all = new TreeMap<>();

    ExportPolicyRules(LocalPart part, Set<ClusterId> peers) {
        this.rootNamespace = part.cluster().rootNamespace();
        this.peers = peers;
        ExportObjects sharing = part.sharing();
        sharing.peers().values().forEach(this::know);
        sharing.policies().values().stream().sorted(OLDEST).map(this::rule).forEach(rule -> {
            rules.computeIfAbsent(rule.policy().name().namespace(), one -> new ArrayList<>())
                    .add(rule);
            all.put(rule.policy().name(), rule);
        });
    }

    /** What one of them lets be, and what became of it so far. */
    private record Rule(
            ExportPolicyObject policy,
            List<String> problems,
            Set<ClusterId> consumers,
            TreeSet<ServiceName> matched,
            SortedMap<ServiceName, ObjectName> overruled) {}

    private void know(PeerClusterObject peer) {
        List<String> problems = new ArrayList<>(peer.problems());
        if (peers.stream().noneMatch(one -> one.name().equals(peer.name().name()))) {
            problems.add("metadata.name: " + peer.name().name() + " (expected: a peer of the configuration, "
                    + new TreeSet<>(peers) + ")");
        }
        peerProblems.put(peer.name(), problems);
        if (problems.isEmpty()) {
            labels.put(new ClusterId(peer.name().name()), peer.labels());
        }
    }

    private Rule rule(ExportPolicyObject policy) {
        List<String> problems = new ArrayList<>(policy.problems());
        if (policy.spec().namespaces().isPresent() && !isRoot(policy)) {
            problems.add("spec.namespaceSelector: in " + policy.name().namespace()
                    + " (expected: only in the root namespace, " + rootNamespace + ")");
        }
        return new Rule(
                policy, problems, problems.isEmpty() ? consumers(policy) : Set.of(), new TreeSet<>(), new TreeMap<>());
    }

    private boolean isRoot(ExportPolicyObject policy) {
        return policy.name().namespace().equals(rootNamespace);
    }

    private Set<ClusterId> consumers(ExportPolicyObject policy) {
        Set<ClusterId> consumers = new HashSet<>();
        for (ClusterId peer : peers) {
            if (policy.spec().consumers().stream().anyMatch(one -> includes(one, peer))) {
                consumers.add(peer);
            }
        }
        return consumers;
    }

    /** A peer without labels is nobody's to select, not even by a selector that asks for nothing. */
    private boolean includes(Consumers consumers, ClusterId peer) {
        return switch (consumers) {
            case Consumers.Cluster(ClusterId one) -> one.equals(peer);
            case Consumers.Labelled labelled ->
                labels.containsKey(peer) && labelled.selector().matches(labels.getOrDefault(peer, Map.of()));
            case Consumers.Clusterset() -> true;
        };
    }

    /** What they say together; {@code byDefault} where none is about the service. */
    ExportDecision decide(ServiceName service, LocalPart.Export export, ExportDecision byDefault) {
        List<Rule> about = about(export.origin());
        about.forEach(rule -> rule.matched().add(service));
        if (about.isEmpty()) {
            return byDefault;
        }
        List<Rule> heard = unanimous(service, about);
        Set<ClusterId> consumers = new HashSet<>();
        heard.forEach(rule -> consumers.addAll(rule.consumers()));
        return new ExportDecision(
                ExportDecision.Verdict.PERMITTED,
                consumers,
                heard.isEmpty() ? Set.of() : heard.getFirst().policy().spec().clients(),
                about.stream().map(rule -> rule.policy().name()).toList());
    }

    /** Those that let anybody have it, and agree with the oldest of them on the clients. */
    private static List<Rule> unanimous(ServiceName service, List<Rule> about) {
        List<Rule> heard = new ArrayList<>();
        for (Rule rule : about) {
            if (!rule.consumers().isEmpty()) {
                if (heard.isEmpty()
                        || heard.getFirst()
                                .policy()
                                .spec()
                                .clients()
                                .equals(rule.policy().spec().clients())) {
                    heard.add(rule);
                } else {
                    rule.overruled().put(service, heard.getFirst().policy().name());
                }
            }
        }
        return heard;
    }

    private List<Rule> about(Origin origin) {
        return Stream.of(origin.service().namespace(), rootNamespace)
                .distinct()
                .flatMap(namespace -> rules.getOrDefault(namespace, List.of()).stream())
                .filter(rule -> isAbout(rule.policy(), origin))
                .sorted(Comparator.comparing(Rule::policy, OLDEST))
                .toList();
    }

    private boolean isAbout(ExportPolicyObject policy, Origin origin) {
        boolean isInScope = !isRoot(policy)
                || policy.spec()
                        .namespaces()
                        .map(selector -> selector.matches(origin.namespaceLabels()))
                        .orElse(true);
        return isInScope && policy.spec().services().include(origin.service().name(), origin.labels());
    }

    /** After all services were decided. */
    ExportDecisions decided(Map<ServiceName, ExportDecision> services) {
        SortedMap<ObjectName, PolicyStanding> standings = new TreeMap<>();
        all.forEach((name, rule) -> standings.put(
                name,
                new PolicyStanding(
                        rule.problems(), List.copyOf(rule.matched()), strangers(rule.policy()), rule.overruled())));
        return new ExportDecisions(services, standings, peerProblems);
    }

    private List<ClusterId> strangers(ExportPolicyObject policy) {
        return policy.spec().consumers().stream()
                .flatMap(one -> one instanceof Consumers.Cluster(ClusterId cluster) ? Stream.of(cluster) : Stream.of())
                .filter(cluster -> !peers.contains(cluster))
                .distinct()
                .sorted()
                .toList();
    }
}
