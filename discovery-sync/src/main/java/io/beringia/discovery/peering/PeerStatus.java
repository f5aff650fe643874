package io.beringia.discovery.peering;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.guard.RemovalGuard;
import java.time.Instant;
import java.util.Optional;

/**
 * Where the link to one peer stands.
 *
 * @param heardAt when it last said anything at all, on any link, by our clock
 * @param isSynced everything that it exports to us was taken over once since we started
 * @param services held of it
 * @param acknowledged up to which position of ours it has taken over what it may have; 0 for nothing
 * @param api of the peer's own cluster, as it says; unknown before it said anything
 * @param held of its services and gateways, although it does not say any more that they are there
 */
public record PeerStatus(
        ClusterId cluster,
        RegionId region,
        Link link,
        Optional<Instant> heardAt,
        boolean isSynced,
        int services,
        long acknowledged,
        Freshness api,
        RemovalGuard.Held held) {
    /** Of all links to the peer, the best. */
    public enum Link {
        /** It speaks. */
        LIVE,
        /** It is there and has not spoken for five seconds. */
        SUSPECT,
        /** There is none. */
        LOST
    }
}
