package io.beringia.discovery.peering;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ExportedAuthority;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.kube.ObjectName;
import io.beringia.discovery.merge.Export;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Who may have what of ours, worked out once per change: peers are told by it, gateways enforce it, operators are shown it.
 *
 * @param services all that are offered
 * @param policies what became of each ExportPolicy
 * @param peers of each PeerCluster, why it is not obeyed; empty if it is
 */
public record ExportDecisions(
        Map<ServiceName, ExportDecision> services,
        SortedMap<ObjectName, PolicyStanding> policies,
        SortedMap<ObjectName, List<String>> peers) {
    /** Nothing is offered. */
    public static final ExportDecisions NONE = new ExportDecisions(Map.of(), new TreeMap<>(), new TreeMap<>());

    public ExportDecisions {
        services = Map.copyOf(services);
        policies = Collections.unmodifiableSortedMap(new TreeMap<>(policies));
        peers = Collections.unmodifiableSortedMap(new TreeMap<>(peers));
    }

    /** Whom a service goes to; nobody for one that is not offered. */
    public ExportDecision of(ServiceName service) {
        ExportDecision said = services.get(service);
        return said == null ? ExportDecision.denied(ExportDecision.Verdict.DENIED_BY_DEFAULT) : said;
    }

    /** Who may have each service; one that may leave to nobody is not there. */
    public Map<ServiceName, Set<ClusterId>> permitted() {
        Map<ServiceName, Set<ClusterId>> permitted = new HashMap<>();
        services.forEach((service, decision) -> {
            if (!decision.consumers().isEmpty()) {
                permitted.put(service, decision.consumers());
            }
        });
        return permitted;
    }

    /** What our gateways may be asked for, and by whom: TCP ports of what may leave, in order of name. */
    public List<ExportedAuthority> authorities(Collection<Export> exports) {
        return exports.stream()
                .filter(export -> !of(export.service()).consumers().isEmpty())
                .map(export -> authority(export, of(export.service())))
                .sorted((a, b) -> a.service().compareTo(b.service()))
                .toList();
    }

    private static ExportedAuthority authority(Export export, ExportDecision decision) {
        return new ExportedAuthority(
                export.service(),
                export.ports().stream()
                        .filter(port -> port.protocol() == Export.Protocol.TCP)
                        .map(Export.ExportedPort::port)
                        .collect(Collectors.toSet()),
                decision.consumers(),
                decision.clients());
    }

    /**
     * What became of one ExportPolicy.
     *
     * @param problems why it lets nobody have anything; none if it is obeyed
     * @param matched offered services that it is about
     * @param strangers clusters that it names, and that are no peers
     * @param overruled services for which an older policy names other clients, and which one
     */
    public record PolicyStanding(
            List<String> problems,
            List<ServiceName> matched,
            List<ClusterId> strangers,
            SortedMap<ServiceName, ObjectName> overruled) {
        public PolicyStanding {
            problems = List.copyOf(problems);
            matched = List.copyOf(matched);
            strangers = List.copyOf(strangers);
            overruled = Collections.unmodifiableSortedMap(new TreeMap<>(overruled));
        }
    }
}
