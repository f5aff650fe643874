package io.beringia.gateway.limits;

import java.time.Duration;

/**
 * How fast connections may begin their handshakes. One takes about 2 ms of an event loop, as much as ten new tunnels, and
 * nobody knows yet whose it is.
 *
 * @param perSource a second, of one address; twice as many at once
 * @param perLoop a second, on one event loop, evenly, so that tunnels get their turns between them
 */
public record HandshakeRates(int perSource, int perLoop) {
    public static final HandshakeRates DEFAULT = new HandshakeRates(50, 200);
    /** How long a connection may wait for the turn of its source. */
    static final Duration SOURCE_PATIENCE = Duration.ofSeconds(2);
    /** And then for that of its event loop: two loops let in a thousand that come back at once. */
    static final Duration LOOP_PATIENCE = Duration.ofSeconds(4);
    /** At once on one event loop: some milliseconds of it. */
    private static final int LOOP_BURST = 4;

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
