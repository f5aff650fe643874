package io.beringia.gateway.limits;

import io.beringia.trust.identity.SpiffeId;
import java.util.Optional;
import java.util.function.LongSupplier;

/** One connection of a peer: what it takes of its peer's share, and what it does wrong. Lives on its event loop. */
public final class PeerConnection {
    private final SpiffeId id;
    private final PeerShare share;
    private final RapidResets.Peer resets;
    private final FrameRates frames;
    private final LongSupplier nanoTime;
    private final Listener listener;

    PeerConnection(
            SpiffeId id,
            PeerShare share,
            RapidResets.Peer resets,
            FrameRates frames,
            LongSupplier nanoTime,
            Listener listener) {
        this.id = id;
        this.share = share;
        this.resets = resets;
        this.frames = frames;
        this.nanoTime = nanoTime;
        this.listener = listener;
    }

    /** Hears of peers that went too far. */
    @FunctionalInterface
    public interface Listener {
        /** @param word that of a {@link Limit}, {@code rapid-resets}, or what it did that HTTP/2 forbids */
        void onLimited(SpiffeId peer, String word);
    }

    /** How many frames that carry nothing it may send. */
    public FrameRates frames() {
        return frames;
    }

    /** The peer did what HTTP/2 forbids; the word is of our own, never the peer's. */
    public void broke(String word) {
        listener.onLimited(id, word);
    }

    /** Counts one more tunnel, until {@link #closed}; which limit is against that, if one is. */
    public Optional<Limit> opens() {
        long now = nanoTime.getAsLong();
        Optional<Limit> reached = share.open(now);
        reached.ifPresentOrElse(limit -> broke(limit.word()), () -> resets.opened(now));
        return reached;
    }

    /** The peer opened more streams on this connection than we announced; whether the connection may stay. */
    public boolean toleratesExcess() {
        Limit reached = share.refuse(Limit.CONNECTION_TUNNELS, nanoTime.getAsLong());
        broke(reached.word());
        return reached != Limit.FLOOD;
    }

    /** A tunnel that was counted is gone. */
    public void closed() {
        share.close();
    }

    /** The connection is gone. */
    public void disconnected() {
        share.disconnected(nanoTime.getAsLong());
    }

    /**
     * The peer has reset a stream that had carried nothing; whether its connection may stay.
     *
     * @param ageNanos of that stream
     */
    public boolean toleratesReset(long ageNanos) {
        long now = nanoTime.getAsLong();
        boolean tolerated = resets.toleratesReset(now - ageNanos, now);
        if (!tolerated) {
            broke("rapid-resets");
        }
        return tolerated;
    }
}
