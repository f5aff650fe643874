package io.beringia.gateway.observe;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.gateway.routing.Authority;
import io.beringia.gateway.routing.Candidate;
import io.beringia.gateway.routing.Self;
import io.beringia.trust.identity.SpiffeId;

/** Whose attempts are counted together: those of one client, for one service, at one endpoint. */
public record OutcomeKey(SpiffeId source, Place place) {
    /** Where it was tried; all of it is known to the catalog, none of it is a word of a peer alone. */
    record Place(String service, RegionId to, String endpoint) {}

    /** @param asked routed already, so a service that we know */
    public static OutcomeKey of(Self self, SpiffeId source, Authority asked, Candidate candidate) {
        Place place = switch (candidate) {
            case Candidate.Backend backend -> new Place(asked.host(), self.region(), backend.uid());
            case Candidate.Gateway gateway ->
                new Place(
                        asked.host(),
                        gateway.gateway().region(),
                        gateway.gateway().cluster() + "/" + gateway.gateway().name());
        };
        return new OutcomeKey(source, place);
    }
}
