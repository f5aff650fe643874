package io.beringia.gateway.tls;

import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.RejectReason;
import io.beringia.trust.identity.SpiffeId;
import java.util.Optional;
import java.util.Set;

/**
 * One handshake under way: whom we expect, and what was decided. Lives on its connection's event loop, on which
 * Netty also runs the trust manager.
 */
final class Handshake {
    private final Expected expected;
    private Optional<PeerVerdict> verdict = Optional.empty();
    private Optional<PresentedChain> presented = Optional.empty();

    Handshake(Expected expected) {
        this.expected = expected;
    }

    /** Keeps the verdict, after comparing the identity with what we expect. */
    PeerVerdict decided(PresentedChain chain, PeerVerdict verified) {
        presented = Optional.of(chain);
        PeerVerdict judged = switch (verified) {
            case PeerVerdict.Verified peer -> expected.judge(peer);
            case PeerVerdict.Rejected refused -> refused;
        };
        verdict = Optional.of(judged);
        return judged;
    }

    /** Empty while, and if, no certificate of this very connection was judged. */
    Optional<PeerVerdict> verdict() {
        return verdict;
    }

    /** What the peer showed, if it showed anything. */
    Optional<PresentedChain> presented() {
        return presented;
    }

    /** Who may be at the other end. */
    sealed interface Expected {
        PeerVerdict judge(PeerVerdict.Verified peer);

        /** Anybody with a valid SVID: what it may do is decided later. */
        record Anybody() implements Expected {
            @Override
            public PeerVerdict judge(PeerVerdict.Verified peer) {
                return peer;
            }
        }

        /** Exactly one of these; nobody if there are none. */
        record OneOf(Set<SpiffeId> ids) implements Expected {
            public OneOf {
                ids = Set.copyOf(ids);
            }

            @Override
            public PeerVerdict judge(PeerVerdict.Verified peer) {
                return ids.contains(peer.id())
                        ? peer
                        : new PeerVerdict.Rejected(
                                RejectReason.IDENTITY_MISMATCH, "peer: " + peer.id() + " (expected: " + ids + ")");
            }
        }
    }
}
