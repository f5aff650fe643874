package io.beringia.discovery.snapshot;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.peering.PeerStatus;
import java.time.Duration;
import java.util.Optional;

/**
 * How far one cluster may be believed: facts that fail one without the other, kept apart. What its applications can serve
 * stands with its services.
 *
 * @param api of the cluster itself, as it says; unknown where it has none or never said
 * @param link to its discovery; empty for our own cluster
 * @param path of data to its region
 */
public record ClusterSight(ClusterId cluster, RegionId region, Freshness api, Optional<Link> link, DataPath path) {
    /**
     * The link to a peer.
     *
     * @param silence since it was last heard; empty if it never was since we started
     * @param isSynced everything that it exports to us was taken over since we started
     * @param heldBack how many of its services and gateways stay although its list lacks them
     */
    public record Link(PeerStatus.Link state, Optional<Duration> silence, boolean isSynced, int heldBack) {}

    /** Whether traffic of ours gets there, as our own observers say. */
    public enum DataPath {
        /** Some observer got through within the last fifteen seconds. */
        UP,
        /** Observers look, and none gets through. */
        DOWN,
        /** Nobody looks, or none may be believed. */
        UNKNOWN
    }
}
