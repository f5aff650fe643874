package io.beringia.discovery.mcs;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.kube.LocalPart;
import io.beringia.discovery.merge.FederationView;
import io.beringia.discovery.peering.ExportRules;
import java.util.Map;
import java.util.Set;

/**
 * What the writer looks at, at one moment.
 *
 * @param local what our API says; it must have been read whole
 * @param verdicts on our own exports
 * @param takenOver those of them that some peer knows
 * @param peers all other clusters that may export
 * @param unheard those of them that were never heard since the start
 * @param alive those of them that show a sign of life, by their control plane or by the way to them
 */
public record Outlook(
        FederationView view,
        LocalPart local,
        Map<ServiceName, ExportRules.Verdict> verdicts,
        Set<ServiceName> takenOver,
        Set<ClusterId> peers,
        Set<ClusterId> unheard,
        Set<ClusterId> alive) {
    public Outlook {
        verdicts = Map.copyOf(verdicts);
        takenOver = Set.copyOf(takenOver);
        peers = Set.copyOf(peers);
        unheard = Set.copyOf(unheard);
        alive = Set.copyOf(alive);
    }
}
