package io.beringia.discovery.mcs;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.kube.LocalPart;
import io.beringia.discovery.merge.FederationView;
import io.beringia.discovery.merge.McsExport.IpFamily;
import io.beringia.discovery.peering.ExportDecisions;
import java.time.Instant;
import java.util.Set;

/**
 * All by which it is decided what our API should say.
 *
 * @param local what it says
 * @param exports who may have what of ours
 * @param takenOver those of ours that some peer knows
 * @param hasPeers whether there is anybody to know them
 * @param unheard clusters that were never heard since the start: nothing that may be theirs is touched
 * @param expired clusters whose endpoints are over
 * @param families of which our cluster can give addresses
 * @param slices whether endpoints of other clusters are written at all
 * @param now to the second it becomes part of conditions
 */
record Situation(
        FederationView view,
        LocalPart local,
        ExportDecisions exports,
        Set<ServiceName> takenOver,
        boolean hasPeers,
        Set<ClusterId> unheard,
        Set<ClusterId> expired,
        Set<IpFamily> families,
        McsConfig.Slices slices,
        Instant now) {
    Situation {
        takenOver = Set.copyOf(takenOver);
        unheard = Set.copyOf(unheard);
        expired = Set.copyOf(expired);
        families = Set.copyOf(families);
    }

    ClusterId own() {
        return view.own();
    }

    boolean isUnheard(String cluster) {
        return unheard.stream().anyMatch(one -> one.name().equals(cluster));
    }
}
