package io.beringia.discovery.peering;

import java.time.Duration;

/** What one frame of a peer meant. */
sealed interface PeerEvent {
    /** The held part is another now, up to a whole position of the peer. */
    record PartChanged() implements PeerEvent {}

    /** A resource was passed over, the rest applied. */
    record ResourceRefused(String name, PeerRefusal.OfResource why) implements PeerEvent {}

    /** The peer passed over a resource of ours. */
    record RefusedByPeer(String name, String reason) implements PeerEvent {}

    /** Services that a list lacked are kept, since they are too many to go without a second look. */
    record RemovalsHeld(int services) implements PeerEvent {}

    /** The link must end: the peer may not speak here. */
    record LinkRefused(PeerRefusal.OfLink why) implements PeerEvent {}

    /** The peer leaves, and asks us to come again no earlier than that. */
    record Left(String reason, Duration retryAfter) implements PeerEvent {}
}
