package io.beringia.discovery.catalog;

import io.beringia.trust.identity.SpiffeId;
import java.util.List;
import java.util.Optional;

/**
 * A service as one client of the mesh sees it (Istio {@code workload.proto}, Service).
 *
 * @param addresses virtual addresses, each in its network; a client matches only those of its own
 * @param subjectAltNames identities that may answer for it: those of its endpoints in all clusters. Sorted; empty
 *     refuses every connection through a gateway
 * @param waypoint where L7 policy is applied before the endpoints, if anywhere
 * @param canonical preferred where several services share one address
 * @param namespacePrivate only clients of the same namespace see it
 */
public record Service(
        ServiceName name,
        List<NetworkAddress> addresses,
        List<ServicePort> ports,
        List<SpiffeId> subjectAltNames,
        Optional<GatewayRef> waypoint,
        LoadBalancing loadBalancing,
        boolean canonical,
        boolean namespacePrivate) {
    public Service {
        addresses = List.copyOf(addresses);
        ports = List.copyOf(ports);
        subjectAltNames = List.copyOf(subjectAltNames);
    }

    /** The port of that number, if the service has it. */
    public Optional<ServicePort> port(int number) {
        return ports.stream().filter(port -> port.port() == number).findFirst();
    }

    /** The same service, balanced in another way. */
    public Service balancedBy(LoadBalancing other) {
        return new Service(name, addresses, ports, subjectAltNames, waypoint, other, canonical, namespacePrivate);
    }
}
