package io.beringia.gateway.tls;

import io.beringia.trust.identity.PeerVerifier.PeerRole;
import io.netty.util.AttributeKey;
import java.util.List;

/**
 * What a peer showed in its handshake, kept with its connection so that it can be judged again when roots change.
 *
 * @param chain DER, leaf first, as the peer sent it
 */
record PresentedChain(List<byte[]> chain, PeerRole role) {
    static final AttributeKey<PresentedChain> KEY = AttributeKey.valueOf(PresentedChain.class, "KEY");

    PresentedChain {
        chain = List.copyOf(chain);
    }
}
