package io.beringia.gateway.limits;

import io.beringia.trust.identity.SpiffeId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How fast one peer may open streams, and how many of them it may take back at once (rapid reset, CVE-2023-44487). By
 * identity, since connections cost a peer little. An application that aborts short connections is no attack, so a peer is
 * judged only where most of very many streams were reset before they carried anything. Lives on one event loop.
 */
public final class StreamLimits {
    /** New streams a second, and at once. */
    static final int PER_SECOND = 5_000;

    static final int BURST = 10_000;
    /** Fewer streams in one window prove nothing. */
    static final int JUDGED_FROM = 500;

    static final Duration WINDOW = Duration.ofSeconds(10);
    /** A reset within this of the opening is a rapid one. */
    static final Duration RAPID = Duration.ofSeconds(1);
    /** The one that was not seen for longest is forgotten first. */
    private static final int PEERS_MAX = 10_000;

    private final Listener listener;
    private final Map<SpiffeId, Peer> peers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SpiffeId, Peer> eldest) {
            return size() > PEERS_MAX;
        }
    };

    public StreamLimits(Listener listener) {
        this.listener = listener;
    }

    /** Hears of peers that went too far. */
    @FunctionalInterface
    public interface Listener {
        /** @param word {@code streams}, {@code rapid-resets}, or what it did that HTTP/2 forbids */
        void onLimited(SpiffeId peer, String word);
    }

    /** All connections of one identity share it. */
    public Peer of(SpiffeId id, long nowNanos) {
        return peers.computeIfAbsent(id, _ -> new Peer(id, nowNanos));
    }

    /** One identity. Lives on the event loop of its limits. */
    public final class Peer {
        private final SpiffeId id;
        private final TokenBucket streams;
        private long windowNanos;
        private int opened;
        private int taken;

        private Peer(SpiffeId id, long nowNanos) {
            this.id = id;
            this.streams = new TokenBucket(PER_SECOND, BURST, nowNanos);
            this.windowNanos = nowNanos;
        }

        /** The peer did what HTTP/2 forbids; the word is of our own, never the peer's. */
        public void broke(String word) {
            listener.onLimited(id, word);
        }

        /** Whether one more stream may be opened now. */
        public boolean admits(long nowNanos) {
            roll(nowNanos);
            opened++;
            boolean admitted = streams.take(nowNanos);
            if (!admitted) {
                listener.onLimited(id, "streams");
            }
            return admitted;
        }

        /**
         * The peer has reset a stream that had carried nothing; whether its connection may stay.
         *
         * @param openedNanos when that stream was opened
         */
        public boolean toleratesReset(long openedNanos, long nowNanos) {
            roll(nowNanos);
            if (nowNanos - openedNanos > RAPID.toNanos()) {
                return true;
            }
            taken++;
            boolean tolerated = opened < JUDGED_FROM || taken * 2 <= opened;
            if (!tolerated) {
                listener.onLimited(id, "rapid-resets");
            }
            return tolerated;
        }

        private void roll(long nowNanos) {
            if (nowNanos - windowNanos >= WINDOW.toNanos()) {
                windowNanos = nowNanos;
                opened = 0;
                taken = 0;
            }
        }
    }
}
