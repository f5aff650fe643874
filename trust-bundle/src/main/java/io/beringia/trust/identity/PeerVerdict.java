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
     * @param cluster the cluster of the issuing intermediate: {@code L} of its subject, or what {@link VirtualConstraints} say
     * @param leafSha256 fingerprint of the leaf, lower-case hex
     * @param rootSha256 fingerprint of the root that the path ended in, lower-case hex
     * @param generation of the bundles that decided
     * @param notAfter the earliest end of validity along the path
     * @param observed why it would be refused if {@link VirtualConstraints} were enforced
     */
    record Verified(
            SpiffeId id,
            Optional<String> cluster,
            String leafSha256,
            String rootSha256,
            long generation,
            Instant notAfter,
            Optional<Rejected> observed)
            implements PeerVerdict {
        /** Nothing speaks against it. */
        public Verified(
                SpiffeId id,
                Optional<String> cluster,
                String leafSha256,
                String rootSha256,
                long generation,
                Instant notAfter) {
            this(id, cluster, leafSha256, rootSha256, generation, notAfter, Optional.empty());
        }
    }

    /** The peer is refused; {@code detail} is for people and holds no key material. */
    record Rejected(RejectReason reason, String detail) implements PeerVerdict {}
}
