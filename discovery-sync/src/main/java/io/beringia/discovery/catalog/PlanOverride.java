package io.beringia.discovery.catalog;

import io.beringia.trust.identity.SpiffeId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What an operator asked for, and until when it binds the leader.
 *
 * @param region the region it is about; without one, every region
 * @param service the service it is about; without one, every service
 * @param rules safety rules it sets aside, by name
 */
public record PlanOverride(
        String id,
        Verb verb,
        Optional<RegionId> region,
        Optional<ServiceName> service,
        SpiffeId actor,
        String reason,
        Instant expires,
        List<String> rules) {
    public PlanOverride {
        if (reason.isBlank()) {
            throw new IllegalArgumentException("override " + id + ": no reason (expected: why, in a few words)");
        }
        rules = List.copyOf(new TreeSet<>(rules));
    }

    public boolean hasExpired(Instant now) {
        return !now.isBefore(expires);
    }

    /** Whether it speaks of that region, by name or because it speaks of all. */
    public boolean covers(RegionId one) {
        return region.map(one::equals).orElse(true);
    }

    /** The operator's verbs that stay in force for a while. */
    public enum Verb {
        DRAIN,
        EVACUATE,
        RESTORE,
        PIN,
        FREEZE,
        PRACTICE
    }
}
