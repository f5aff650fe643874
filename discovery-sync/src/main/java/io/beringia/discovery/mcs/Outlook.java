package io.beringia.discovery.mcs;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.kube.LocalPart;
import io.beringia.discovery.merge.FederationView;
import io.beringia.discovery.peering.ExportDecisions;
import io.beringia.discovery.peering.PeerStatus;
import java.util.List;
import java.util.Set;

/**
 * What the writer looks at, at one moment.
 *
 * @param local what our API says; it must have been read whole
 * @param exports who may have what of ours
 * @param takenOver those of ours that some peer knows
 * @param peers all other clusters that may export
 * @param unheard those of them that were never heard since the start
 * @param alive those of them that show a sign of life, by their control plane or by the way to them
 * @param links to all peers
 */
public record Outlook(
        FederationView view,
        LocalPart local,
        ExportDecisions exports,
        Set<ServiceName> takenOver,
        Set<ClusterId> peers,
        Set<ClusterId> unheard,
        Set<ClusterId> alive,
        List<PeerStatus> links) {
    public Outlook {
        takenOver = Set.copyOf(takenOver);
        peers = Set.copyOf(peers);
        unheard = Set.copyOf(unheard);
        alive = Set.copyOf(alive);
        links = List.copyOf(links);
    }
}
