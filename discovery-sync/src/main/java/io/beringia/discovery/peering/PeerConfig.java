package io.beringia.discovery.peering;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.util.List;
import java.util.Set;

/**
 * What an operator says of one peer; the peer itself can widen none of it.
 *
 * @param region its site: only it counts as a sign of life of that region
 * @param trustDomain of the peer and of everything that it exports
 * @param identities who may speak for it; at least one
 * @param addresses {@code host:port} of each of its replicas; none means that the peer dials us
 * @param networks it may claim; none for a witness, which exports nothing
 */
public record PeerConfig(
        ClusterId cluster,
        RegionId region,
        TrustDomain trustDomain,
        Set<SpiffeId> identities,
        List<String> addresses,
        Set<Network> networks,
        ClusterMark mark) {
    public PeerConfig {
        identities = Set.copyOf(identities);
        addresses = List.copyOf(addresses);
        networks = Set.copyOf(networks);
        if (identities.isEmpty()) {
            throw new IllegalArgumentException("peer " + cluster + ": no identities (expected: at least 1)");
        }
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
