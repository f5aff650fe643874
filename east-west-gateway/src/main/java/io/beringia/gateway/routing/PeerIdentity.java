package io.beringia.gateway.routing;

import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.SpiffeId;
import java.util.Optional;

/**
 * Who stands at the other end of an outer tunnel, as its certificate proved it.
 *
 * @param cluster of the intermediate that issued the certificate, where that names one
 */
public record PeerIdentity(SpiffeId id, Optional<String> cluster) {
    public static PeerIdentity of(PeerVerdict.Verified verified) {
        return new PeerIdentity(verified.id(), verified.cluster());
    }
}
