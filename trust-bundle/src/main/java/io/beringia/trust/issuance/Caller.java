package io.beringia.trust.issuance;

import io.beringia.trust.identity.SpiffeId;
import java.util.Optional;
import java.util.Set;

/**
 * Who asks for a certificate, once that is proven.
 *
 * @param mayImpersonate the exact IDs, beside its own, that its static token is good for
 * @param pod of a service account's token, where it is bound to one
 * @param instance of a process of ours, by its own word: who else shares its ID is another one
 */
public record Caller(SpiffeId id, Set<SpiffeId> mayImpersonate, Optional<BoundPod> pod, Optional<String> instance) {
    public Caller {
        mayImpersonate = Set.copyOf(mayImpersonate);
    }

    /** Who says nothing of an instance. */
    Caller(SpiffeId id, Set<SpiffeId> mayImpersonate, Optional<BoundPod> pod) {
        this(id, mayImpersonate, pod, Optional.empty());
    }

    /** The same, of that instance. */
    Caller in(Optional<String> one) {
        return new Caller(id, mayImpersonate, pod, one);
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
