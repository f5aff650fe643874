package io.beringia.discovery.peering;

import io.beringia.discovery.catalog.ClusterId;

/** Hears what happens between peers, on the peers' threads and on those of calls. Must be quick. */
public interface PeerListener {
    /** A link greeted. */
    void onLinked(ClusterId peer);

    /** A link is gone; what is held stays. */
    void onUnlinked(ClusterId peer, String why);

    /** A link was refused before or while it spoke; {@code claimed} is what it called itself, unchecked. */
    void onLinkRefused(String claimed, PeerRefusal.OfLink why);

    /** One resource of the peer was passed over. */
    void onResourceRefused(ClusterId peer, String resource, PeerRefusal.OfResource why);

    /** The peer passed over one of ours; both texts are the peer's. */
    void onRefusedByPeer(ClusterId peer, String resource, String reason);

    /** So many services stay although the peer's list lacks them. */
    void onRemovalsHeld(ClusterId peer, int services);
}
