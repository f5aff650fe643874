package io.beringia.trust.issuance;

import io.beringia.trust.identity.SpiffeId;
import java.util.Set;

/**
 * Who asks for a certificate, once that is proven.
 *
 * @param mayImpersonate the exact IDs, beside its own, that it may ask for
 */
public record Caller(SpiffeId id, Set<SpiffeId> mayImpersonate) {
    public Caller {
        mayImpersonate = Set.copyOf(mayImpersonate);
    }
}
