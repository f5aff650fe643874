package io.beringia.gateway.inbound;

import io.beringia.gateway.outbound.Dial;
import io.beringia.gateway.relay.Relay;
import io.beringia.gateway.relay.RelayEnd;
import io.beringia.gateway.relay.Reset;
import io.beringia.gateway.routing.Candidate;
import io.beringia.gateway.routing.ConnectRequest;
import io.beringia.gateway.routing.Refusal;
import java.net.InetSocketAddress;

/**
 * Where one CONNECT stream stands. A state's methods are its only ways on.
 *
 * <pre>
 *   Received ── dialing ──► Dialing ── answered ──► Recording ── recorded ──► Relaying ── ended ──► Closed
 *       └─────── refused ──────┴── refused, abandoned ──┴── refused, abandoned ──────────────────────▲
 * </pre>
 */
sealed interface TunnelState {
    /** Nothing is decided yet. */
    record Received() implements TunnelState {
        Dialing dialing(ConnectRequest request, Dial dial) {
            return new Dialing(request, dial);
        }

        Closed refused(Refusal why) {
            return new Closed(why.reason());
        }
    }

    /** Nothing is promised to the peer yet: another candidate may still be tried. */
    record Dialing(ConnectRequest request, Dial dial) implements TunnelState {
        Recording answered(Candidate candidate, RelayEnd upstream, InetSocketAddress local) {
            return new Recording(request, candidate, upstream, local);
        }

        Closed refused(Refusal why) {
            dial.cancel();
            return new Closed(why.reason());
        }

        Closed abandoned() {
            dial.cancel();
            return new Closed("abandoned");
        }
    }

    /**
     * Somebody has answered, and the peer may not hear of it before it is written down.
     *
     * @param local our own address toward whoever answered
     */
    record Recording(ConnectRequest request, Candidate candidate, RelayEnd upstream, InetSocketAddress local)
            implements TunnelState {
        Relaying recorded(Relay relay) {
            return new Relaying(request, relay);
        }

        Closed refused(Refusal why) {
            upstream.reset(Reset.CANCEL);
            return new Closed(why.reason());
        }

        Closed abandoned() {
            upstream.reset(Reset.CANCEL);
            return new Closed("abandoned");
        }
    }

    /** The peer has our 200. From here nothing is ever retried. */
    record Relaying(ConnectRequest request, Relay relay) implements TunnelState {
        Closed ended(Relay.Ending how) {
            return new Closed(how.word());
        }
    }

    /** @param word how it ended, as in logs and metrics */
    record Closed(String word) implements TunnelState {}
}
