package io.beringia.gateway.tls;

import io.beringia.trust.identity.PeerVerdict;
import io.netty.util.AttributeKey;

/** How one handshake ended. */
public sealed interface HandshakeResult {
    /** Who is at the other end of a channel; set before anything of the peer is read. */
    AttributeKey<PeerVerdict.Verified> PEER = AttributeKey.valueOf(HandshakeResult.class, "PEER");

    /** The peer is who it says, and speaks HTTP/2. */
    record Trusted(PeerVerdict.Verified peer) implements HandshakeResult {}

    /** The connection is closed. {@code word} is for metrics, {@code detail} for people. */
    record Failed(String word, String detail) implements HandshakeResult {
        /** The word for a peer that closed the connection in its handshake. */
        public static final String CLOSED = "closed";

        /** The word for a peer that did not end its handshake in time. */
        public static final String TIMEOUT = "handshake-timeout";
    }
}
