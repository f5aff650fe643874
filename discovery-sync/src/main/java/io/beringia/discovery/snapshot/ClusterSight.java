package io.beringia.discovery.snapshot;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.kube.HeldKind;
import io.beringia.discovery.peering.PeerStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How far one cluster may be believed: facts that fail one without the other, kept apart. What its applications can serve
 * stands with its services.
 *
 * @param api of the cluster itself, as it says; unknown where it has none or never said
 * @param link to its discovery; empty for our own cluster
 * @param path of data to its region
 * @param held what stays of it although its API, or it itself, does not say any more that it is there
 */
public record ClusterSight(
        ClusterId cluster, RegionId region, Freshness api, Optional<Link> link, DataPath path, List<HeldKind> held) {
    /** What peers are told of, as a kind. */
    public static final String RESOURCES = "services and gateways";

    public ClusterSight {
        held = List.copyOf(held);
    }

    /**
     * The link to a peer.
     *
     * @param silence since it was last heard; empty if it never was since we started
     * @param isSynced everything that it exports to us was taken over since we started
     */
    public record Link(PeerStatus.Link state, Optional<Duration> silence, boolean isSynced) {}

    /** Whether traffic of ours gets there, as our own observers say. */
    public enum DataPath {
        /** Some observer got through within the last fifteen seconds. */
        UP,
        /** Observers look, and none gets through. */
        DOWN,
        /** Nobody looks, or none may be believed. */
        UNKNOWN
    }

    public int heldObjects() {
        return held.stream().mapToInt(HeldKind::objects).sum();
    }
}
