package io.beringia.discovery.peering;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.guard.RemovalGuard;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Where the link to one peer stands.
 *
 * @param heardAt when it last said anything at all, on any link, by our clock
 * @param listedAt when it last told us all names of what it exports to us, by our clock
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
        Optional<Instant> listedAt,
        boolean isSynced,
        int services,
        long acknowledged,
        Freshness api,
        RemovalGuard.Held held) {
    /** Of silence. A hint only: nothing is removed for it, and a short gap is nobody's business. */
    static final Duration SUSPECT_AFTER = Duration.ofSeconds(5);

    /** How far what is held of it may be believed: as far as it spoke lately, and believes itself. */
    public Freshness freshness(Instant now) {
        return heardAt.map(at -> isSilent(at, now) ? new Freshness.Stale(Duration.between(at, now)) : api)
                .orElse(new Freshness.Unknown());
    }

    /** Whether it has spoken, and for a while not any more. */
    public boolean isSilent(Instant now) {
        return heardAt.filter(at -> isSilent(at, now)).isPresent();
    }

    static boolean isSilent(Instant heardAt, Instant now) {
        return !now.isBefore(heardAt.plus(SUSPECT_AFTER));
    }

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
