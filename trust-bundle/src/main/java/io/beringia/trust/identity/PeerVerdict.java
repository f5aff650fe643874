package io.beringia.trust.identity;

import java.time.Instant;
import java.util.Optional;

/** What a {@link PeerVerifier} says of a peer. */
public sealed interface PeerVerdict {
    /** Who the peer is; empty where it is refused. */
    default Optional<Verified> verified() {
        return switch (this) {
            case Verified peer -> Optional.of(peer);
            case Rejected refused -> Optional.empty();
        };
    }

    /**
     * The peer is who it says.
     *
     * @param id its one URI SAN
     * @param cluster the cluster of the issuing intermediate ({@code L} of its subject), where it names one
     * @param leafSha256 fingerprint of the leaf, lower-case hex
     * @param rootSha256 fingerprint of the root that the path ended in, lower-case hex
     * @param generation of the bundles that decided
     * @param notAfter the earliest end of validity along the path
     */
    record Verified(
            SpiffeId id,
            Optional<String> cluster,
            String leafSha256,
            String rootSha256,
            long generation,
            Instant notAfter)
            implements PeerVerdict {}

    /** The peer is refused; {@code detail} is for people and holds no key material. */
    record Rejected(RejectReason reason, String detail) implements PeerVerdict {}
}
