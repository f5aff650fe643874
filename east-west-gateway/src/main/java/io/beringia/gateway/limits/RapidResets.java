package io.beringia.gateway.limits;

import io.beringia.trust.identity.SpiffeId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many of its streams a peer may take back at once (rapid reset, CVE-2023-44487). By identity, since connections
 * cost a peer little. An application that aborts short connections is no attack, so a peer is judged only where most of
 * very many streams were reset before they carried anything. Streams that were refused are not among them: whoever opens
 * twice what it may would else be excused for all that it takes back. Lives on one event loop.
 */
public final class RapidResets {
    static final Duration WINDOW = Duration.ofSeconds(10);
    /** A reset within this of the opening is a rapid one. */
    static final Duration RAPID = Duration.ofSeconds(1);
    /** The one that was not seen for longest is forgotten first. */
    private static final int PEERS_MAX = 10_000;

    private final int judgedFrom;

    private final Map<SpiffeId, Peer> peers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SpiffeId, Peer> eldest) {
            return size() > PEERS_MAX;
        }
    };

    /** @param judgedFrom fewer streams in one window prove nothing */
    RapidResets(int judgedFrom) {
        this.judgedFrom = judgedFrom;
    }

    /** All connections of one identity share it. */
    Peer of(SpiffeId id, long nowNanos) {
        return peers.computeIfAbsent(id, _ -> new Peer(judgedFrom, nowNanos));
    }

    /** One identity. Lives on the event loop of all of them. */
    static final class Peer {
        private final int judgedFrom;
        private long windowNanos;
        private int opened;
        private int taken;

        private Peer(int judgedFrom, long nowNanos) {
            this.judgedFrom = judgedFrom;
            this.windowNanos = nowNanos;
        }

        /** The peer was let in with one more stream. */
        void opened(long nowNanos) {
            roll(nowNanos);
            opened++;
        }

        /**
         * The peer has reset a stream that had carried nothing; whether its connection may stay.
         *
         * @param openedNanos when that stream was opened
         */
        boolean toleratesReset(long openedNanos, long nowNanos) {
            roll(nowNanos);
            if (nowNanos - openedNanos > RAPID.toNanos()) {
                return true;
            }
            taken++;
            return opened < judgedFrom || taken * 2 <= opened;
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
