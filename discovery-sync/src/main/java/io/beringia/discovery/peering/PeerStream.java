package io.beringia.discovery.peering;

import io.beringia.discovery.peering.proto.Frame;
import java.time.Duration;
import java.util.Optional;

/** One stream of frames to and from a peer, whoever opened it. Owned by the peer's thread; it tells its inbox what comes. */
interface PeerStream {
    /** Whether more can be sent without a queue growing. */
    boolean isReady();

    void send(Frame frame);

    /** The last frame was handled, another one may come. */
    void takeNext();

    /** Why the other end is not the peer any more, by what is trusted now; empty while it is. */
    Optional<PeerRefusal.OfLink> refusal();

    /**
     * Nothing more goes or comes.
     *
     * @param retryAfter when the peer should come again at the earliest
     */
    void end(String why, Duration retryAfter);
}
