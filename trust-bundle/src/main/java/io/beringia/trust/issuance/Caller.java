package io.beringia.trust.issuance;

import io.beringia.trust.identity.SpiffeId;
import java.util.Optional;
import java.util.Set;

/**
 * Who asks for a certificate, once that is proven.
 *
 * @param mayImpersonate the exact IDs, beside its own, that its static token is good for
 * @param pod of a service account's token, where it is bound to one
 */
public record Caller(SpiffeId id, Set<SpiffeId> mayImpersonate, Optional<BoundPod> pod) {
    public Caller {
        mayImpersonate = Set.copyOf(mayImpersonate);
    }

    /** Whoever asks for itself alone. */
    static Caller self(SpiffeId id) {
        return new Caller(id, Set.of(), Optional.empty());
    }

    /** Whose requests are counted together: node proxies share an ID, their pods share nothing. */
    String key() {
        return pod.map(BoundPod::uid).orElse(id.toString());
    }
}
