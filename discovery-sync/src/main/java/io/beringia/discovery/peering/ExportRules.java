package io.beringia.discovery.peering;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ExportedAuthority;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.kube.LocalPart;
import io.beringia.discovery.merge.Export;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What of our own services may leave, and to whom. Worked out once per change and used by peering and gateways alike, so
 * that who is told of a service is who may call it. Whether the namespace exists at the consumer is asked on the link.
 * Pure. Any thread.
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

    /** Whether a service may leave at all, and if not, who says so. */
    public enum Verdict {
        PERMITTED("Permitted"),
        DENIED_BY_POLICY("DeniedByPolicy"),
        DENIED_BY_DEFAULT("DeniedByDefault");

        private final String word;

        Verdict(String word) {
            this.word = word;
        }

        /** As a condition says it. */
        public String word() {
            return word;
        }
    }

    /** On each service that is offered. With nobody to have it, nobody is denied it by name. */
    public Map<ServiceName, Verdict> verdicts(Map<ServiceName, LocalPart.Export> offered, Set<ClusterId> peers) {
        Map<ServiceName, Verdict> verdicts = new HashMap<>();
        offered.forEach((service, export) -> verdicts.put(service, verdict(service, export, peers)));
        return verdicts;
    }

    private Verdict verdict(ServiceName service, LocalPart.Export export, Set<ClusterId> peers) {
        if (!probe.is(service) && (isHidden(service.namespace()) || byDefault == Default.NONE)) {
            return Verdict.DENIED_BY_DEFAULT;
        }
        return peers.isEmpty() || !consumers(service, export, peers).isEmpty()
                ? Verdict.PERMITTED
                : Verdict.DENIED_BY_POLICY;
    }

    /** Who may have each service; one that may leave to nobody is not there. */
    public Map<ServiceName, Set<ClusterId>> permitted(
            Map<ServiceName, LocalPart.Export> offered, Set<ClusterId> peers) {
        Map<ServiceName, Set<ClusterId>> permitted = new HashMap<>();
        offered.forEach((service, export) -> {
            Set<ClusterId> consumers = consumers(service, export, peers);
            if (!consumers.isEmpty()) {
                permitted.put(service, consumers);
            }
        });
        return permitted;
    }

    /** An annotation narrows what the default allows; it never widens it. */
    private Set<ClusterId> consumers(ServiceName service, LocalPart.Export export, Set<ClusterId> peers) {
        if (probe.is(service)) {
            return Set.copyOf(peers);
        }
        if (isHidden(service.namespace()) || byDefault == Default.NONE) {
            return Set.of();
        }
        return peers.stream().filter(export.scope()::admits).collect(Collectors.toUnmodifiableSet());
    }

    private boolean isHidden(String namespace) {
        return (systemNamespaces.contains(namespace) || namespace.equals(probe.namespace()))
                && !allowedNamespaces.contains(namespace);
    }

    /** What our gateways may be asked for, and by whom: TCP ports of what may leave, in order of name. */
    public static List<ExportedAuthority> authorities(
            Collection<Export> exports, Map<ServiceName, Set<ClusterId>> permitted) {
        return exports.stream()
                .filter(export -> permitted.containsKey(export.service()))
                .map(export -> new ExportedAuthority(
                        export.service(),
                        export.ports().stream()
                                .filter(port -> port.protocol() == Export.Protocol.TCP)
                                .map(Export.ExportedPort::port)
                                .collect(Collectors.toSet()),
                        permitted.getOrDefault(export.service(), Set.of()),
                        Set.of()))
                .sorted((a, b) -> a.service().compareTo(b.service()))
                .toList();
    }
}
