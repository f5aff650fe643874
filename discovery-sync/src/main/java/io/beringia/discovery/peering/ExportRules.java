package io.beringia.discovery.peering;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.kube.LocalPart;
import io.beringia.discovery.peering.ExportDecision.Verdict;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What of our own services may leave, and to whom: whom ExportPolicies name, or the default where none is about a service,
 * as far as the annotation on it allows. Whether the namespace exists at the consumer is asked on the link. Pure. Any thread.
 *
 * @param systemNamespaces export nothing, but for {@code allowedNamespaces} and the probe
 * @param allowedNamespaces exceptions, each named by an operator
 */
public record ExportRules(
        Default byDefault, Set<String> systemNamespaces, Set<String> allowedNamespaces, ProbeName probe) {
    private static final Set<String> SYSTEM = Set.of("kube-system", "default", "istio-system", "beringia-system");

    public ExportRules {
        systemNamespaces = Set.copyOf(systemNamespaces);
        allowedNamespaces = Set.copyOf(allowedNamespaces);
    }

    /** Whom a service goes to that nobody wrote a policy for. */
    public enum Default {
        /** Every peer, as the Multi-Cluster Services API has it (KEP-1645). */
        CLUSTERSET,
        /** Nobody. */
        NONE
    }

    /** The same with the namespaces that Kubernetes, Istio and we ourselves use. */
    public static ExportRules of(Default byDefault, Set<String> allowedNamespaces, ProbeName probe) {
        return new ExportRules(byDefault, SYSTEM, allowedNamespaces, probe);
    }

    /** On everything that a cluster offers to these peers. */
    public ExportDecisions decide(LocalPart part, Set<ClusterId> peers) {
        ExportPolicyRules policies = new ExportPolicyRules(part, peers);
        Map<ServiceName, ExportDecision> services = new HashMap<>();
        part.exports().forEach((service, export) -> services.put(service, decide(service, export, policies, peers)));
        return policies.decided(services);
    }

    private ExportDecision decide(
            ServiceName service, LocalPart.Export export, ExportPolicyRules policies, Set<ClusterId> peers) {
        if (probe.is(service)) {
            return new ExportDecision(Verdict.PERMITTED, peers, Set.of(), List.of());
        }
        if (isHidden(service.namespace())) {
            return ExportDecision.denied(Verdict.DENIED_BY_DEFAULT);
        }
        return narrowed(policies.decide(service, export, byDefault(peers)), export, peers);
    }

    private ExportDecision byDefault(Set<ClusterId> peers) {
        return switch (byDefault) {
            case CLUSTERSET -> new ExportDecision(Verdict.PERMITTED, peers, Set.of(), List.of());
            case NONE -> ExportDecision.denied(Verdict.DENIED_BY_DEFAULT);
        };
    }

    /** An annotation never widens. With nobody to have a service, nobody is denied it by name. */
    private static ExportDecision narrowed(ExportDecision said, LocalPart.Export export, Set<ClusterId> peers) {
        Set<ClusterId> consumers =
                said.consumers().stream().filter(export.scope()::admits).collect(Collectors.toSet());
        boolean isDenied = said.verdict() == Verdict.PERMITTED && consumers.isEmpty() && !peers.isEmpty();
        return new ExportDecision(
                isDenied ? Verdict.DENIED_BY_POLICY : said.verdict(), consumers, said.clients(), said.by());
    }

    private boolean isHidden(String namespace) {
        return (systemNamespaces.contains(namespace) || namespace.equals(probe.namespace()))
                && !allowedNamespaces.contains(namespace);
    }
}
