package io.beringia.gateway.observe;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.catalog.Service;
import io.beringia.gateway.routing.Authority;
import io.beringia.trust.identity.SpiffeId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who is asked behind one gateway: the probe service of its network. Pure.
 *
 * @param identities who may answer inside, exactly
 * @param clusters whose names an answer may carry: those of the gateway's network
 */
public record ProbeTarget(Authority authority, Set<SpiffeId> identities, Set<ClusterId> clusters) {
    /** First label of the service's hostname, in the namespace of the gateways. */
    static final String SERVICE = "beringia-probe";
    /** The echo service of RFC 862. */
    static final int PORT = 7;

    public ProbeTarget {
        identities = Set.copyOf(identities);
        clusters = Set.copyOf(clusters);
    }

    /** Whether a tunnel to that authority is somebody's question, and no client's. */
    public static boolean isAsked(Authority authority) {
        return authority.port() == PORT && authority.host().startsWith(SERVICE + ".");
    }

    /** Where the catalogs's own gateways and those of others keep their probes: few, whatever the catalog's size. */
    static List<RelayTarget> known(Catalog catalog) {
        return catalog.relayTargets().values().stream()
                .filter(target -> target.service().hostname().startsWith(SERVICE + "."))
                .toList();
    }

    /** Empty while nobody is known to be ready there: then only the gateway itself can be asked. */
    static Optional<ProbeTarget> behind(GatewayAddress gateway, Catalog catalog, List<RelayTarget> known) {
        Set<ClusterId> clusters = catalog.clusters().values().stream()
                .filter(state -> state.network().equals(gateway.network()))
                .map(ClusterState::cluster)
                .collect(Collectors.toUnmodifiableSet());
        return known.stream()
                .filter(target -> isBeside(gateway, target))
                .filter(target -> target.parts().stream()
                        .anyMatch(part -> clusters.contains(part.cluster())
                                && part.ports().contains(PORT)
                                && part.capacity() > 0))
                .map(target -> catalog.services().get(target.service()))
                .filter(Objects::nonNull)
                .filter(service -> !service.subjectAltNames().isEmpty())
                .map(service -> of(service, clusters))
                .findFirst();
    }

    private static boolean isBeside(GatewayAddress gateway, RelayTarget target) {
        return gateway.identity()
                .serviceAccount()
                .filter(account -> account.namespace().equals(target.service().namespace()))
                .isPresent();
    }

    private static ProbeTarget of(Service service, Set<ClusterId> clusters) {
        return new ProbeTarget(
                new Authority(service.name().hostname(), PORT), Set.copyOf(service.subjectAltNames()), clusters);
    }
}
