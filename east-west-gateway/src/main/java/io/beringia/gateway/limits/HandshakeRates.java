package io.beringia.gateway.limits;

import java.time.Duration;

/**
 * How fast connections may begin their handshakes. One costs about as much as a megabyte, and nobody knows yet whose it
 * is.
 *
 * @param perSource a second, of one address; twice as many at once
 * @param perLoop a second, on one event loop, evenly, so that tunnels get their turns between them
 */
public record HandshakeRates(int perSource, int perLoop) {
    public static final HandshakeRates DEFAULT = new HandshakeRates(50, 250);
    /** How long a connection may wait for its turn, each time. */
    static final Duration PATIENCE = Duration.ofSeconds(2);
    /** At once on one event loop: some milliseconds of it. */
    private static final int LOOP_BURST = 8;

    private static final int MOST = 100_000;

    public HandshakeRates {
        PeerAllowance.require("per-source", perSource, MOST);
        PeerAllowance.require("per-loop", perLoop, MOST);
    }

    Rate ofSource() {
        return Rate.perSecond(perSource, 2L * perSource);
    }

    Rate ofLoop() {
        return Rate.perSecond(perLoop, LOOP_BURST);
    }
}
