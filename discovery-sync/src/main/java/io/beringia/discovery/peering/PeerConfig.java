package io.beringia.discovery.peering;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an operator says of one peer; the peer itself can widen none of it.
 *
 * @param region its site: only it counts as a sign of life of that region
 * @param trustDomain of the peer and of everything that it exports
 * @param identities who may speak for it; at least one
 * @param addresses {@code host:port} of each of its replicas; none means that the peer dials us
 * @param networks it may claim; none for a witness, which exports nothing
 * @param waypointNamespaces whose waypoints may answer for services of other namespaces
 * @param namespaces it may export into, of those that exist here; none means all
 * @param gateways where those of its gateways are dialled, by name, that are not where it says: over a private link, or since
 *     the network between is split; who must answer there stays what the peer says
 */
public record PeerConfig(
        ClusterId cluster,
        RegionId region,
        TrustDomain trustDomain,
        Set<SpiffeId> identities,
        List<String> addresses,
        Set<Network> networks,
        ClusterMark mark,
        Set<String> waypointNamespaces,
        Set<String> namespaces,
        Map<String, SocketAddress> gateways) {
    /** Replicas of one peer; each costs a link. */
    private static final int ADDRESSES_MAX = PeerInbox.DIALLED_MAX;

    /** A name or IPv4 address, or an IPv6 address in brackets, and a port. */
    private static final Pattern ADDRESS = Pattern.compile("([A-Za-z0-9.-]+|\\[[0-9a-f:]+]):[0-9]{1,5}");

    public PeerConfig {
        identities = Set.copyOf(identities);
        addresses = List.copyOf(addresses);
        networks = Set.copyOf(networks);
        waypointNamespaces = Set.copyOf(waypointNamespaces);
        namespaces = Set.copyOf(namespaces);
        gateways = Map.copyOf(gateways);
        if (identities.isEmpty()) {
            throw refused(cluster, "no identities (expected: at least 1)");
        }
        identities.stream()
                .filter(identity -> !identity.trustDomain().equals(trustDomain))
                .min(SpiffeId::compareTo)
                .ifPresent(foreign -> {
                    throw refused(cluster, foreign + " (expected: of trust domain " + trustDomain + ")");
                });
        addresses.stream()
                .filter(address -> !isHostAndPort(address))
                .findFirst()
                .ifPresent(wrong -> {
                    throw refused(cluster, "address \"" + wrong + "\" (expected: host:port)");
                });
        if (addresses.size() > ADDRESSES_MAX || Set.copyOf(addresses).size() < addresses.size()) {
            throw refused(
                    cluster, addresses.size() + " addresses (expected: each once, at most " + ADDRESSES_MAX + ")");
        }
    }

    /** One whose waypoints answer in their own namespaces only, that may export into all, and whose gateways are where it says. */
    public PeerConfig(
            ClusterId cluster,
            RegionId region,
            TrustDomain trustDomain,
            Set<SpiffeId> identities,
            List<String> addresses,
            Set<Network> networks,
            ClusterMark mark) {
        this(cluster, region, trustDomain, identities, addresses, networks, mark, Set.of(), Set.of(), Map.of());
    }

    private static IllegalArgumentException refused(ClusterId cluster, String what) {
        return new IllegalArgumentException("peer " + cluster + ": " + what);
    }

    private static boolean isHostAndPort(String address) {
        return ADDRESS.matcher(address).matches() && isPort(address.substring(address.lastIndexOf(':') + 1));
    }

    private static boolean isPort(String digits) {
        int port = Integer.parseInt(digits);
        return port >= 1 && port <= 65_535;
    }

    /** Whether we dial it; else it dials us. */
    public boolean isDialled() {
        return !addresses.isEmpty();
    }

    /** What the intermediate that issued the peer's SVID says of its cluster, in the {@code L} of its subject. */
    public enum ClusterMark {
        /** The peer's cluster, and nothing else. */
        REQUIRED,
        /** For roots that name no clusters: one that is there must still be the peer's. */
        OPTIONAL
    }
}
