package io.beringia.discovery.merge;

/** All about a client of ours that may change an answer: who it is, and how it is to reach other networks. */
public record Audience(Kind kind, Mode mode) {
    public Audience {
        if (kind == Kind.GATEWAY && mode == Mode.RELAY) {
            throw new IllegalArgumentException("audience: a gateway in relay mode (expected: DIRECT, it is the relay)");
        }
    }

    public enum Kind {
        ZTUNNEL,
        HOST,
        GATEWAY
    }

    public enum Mode {
        /** Through the gateway of our own cluster, which picks cluster and region. */
        RELAY,
        /** To the gateways of the other network. */
        DIRECT
    }
}
