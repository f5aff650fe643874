package io.beringia.gateway.tls;

import io.beringia.trust.identity.PeerVerifier.PeerRole;
import io.netty.util.AttributeKey;
import java.time.Instant;
import java.util.List;

/**
 * What a peer showed in its handshake, kept with its connection so that it can be judged again when roots change.
 *
 * @param chain DER, leaf first, as the peer sent it
 * @param at wall clock of then
 * @param atNanos monotonic clock of then: only that tells how long ago it was, since a wall clock may be set
 */
record PresentedChain(List<byte[]> chain, PeerRole role, Instant at, long atNanos) {
    static final AttributeKey<PresentedChain> KEY = AttributeKey.valueOf(PresentedChain.class, "KEY");

    PresentedChain {
        chain = List.copyOf(chain);
    }

    /** What the wall clock of then would show now if nobody had set it. */
    Instant now(long nowNanos) {
        return at.plusNanos(nowNanos - atNanos);
    }
}
