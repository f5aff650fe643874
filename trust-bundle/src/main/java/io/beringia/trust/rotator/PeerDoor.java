package io.beringia.trust.rotator;

import io.beringia.trust.identity.PeerVerdict;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/**
 * Which trust roles of other clusters are heard, and by whom. Any thread.
 *
 * @param known of each cluster the one that is configured
 * @param calls whoever decides; with the cluster that was proved
 */
record PeerDoor(List<RotationConfig.Peer> known, BiFunction<PeerCall, String, CompletableFuture<PeerReply>> calls) {
    PeerDoor {
        known = List.copyOf(known);
    }

    /** Exactly the identity that is configured, and a certificate of exactly its cluster. */
    boolean isOpenTo(PeerVerdict.Verified caller) {
        return known.stream()
                .anyMatch(peer -> peer.id().equals(caller.id())
                        && caller.cluster().filter(peer.cluster()::equals).isPresent());
    }
}
