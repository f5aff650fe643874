package io.beringia.failover.operator;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.failover.health.SiteEvidence;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one candidate knows, for people.
 *
 * @param site where it runs
 * @param mode {@code auto} or {@code dry-run}
 * @param notes what somebody should know who relies on it
 * @param unheard sites that never told anything
 * @param leading what it sees and does as the leader; empty while it is none
 */
public record RegionsStatus(
        RegionId site,
        String mode,
        List<String> notes,
        Optional<LeaderView> leading,
        List<SiteEvidence> evidence,
        List<RegionId> unheard) {
    public RegionsStatus {
        notes = List.copyOf(notes);
        evidence = List.copyOf(evidence);
        unheard = List.copyOf(unheard);
    }

    /** As the operator API answers it. */
    public ObjectNode asJson() {
        return OperatorJson.status(this);
    }
}
