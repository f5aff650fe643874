package io.beringia.trust.rotation;

import io.beringia.trust.rotation.RotationEvidence.Cluster;
import io.beringia.trust.rotation.RotationEvidence.Issuer;
import java.time.Instant;
import java.util.Set;

/** The gates that look at clusters as a whole. */
final class ClusterGates {
    private ClusterGates() {}

    static void asWeLeftThem(Look look) {
        Set<RootId> expected = look.phase.published();
        for (Cluster cluster : look.seen.clusters()) {
            look.lacksUnless(look.isFresh(cluster.seenAt()), cluster.name(), Lack.UNSEEN);
            look.lacksUnless(cluster.roots().equals(expected), cluster.name(), Lack.OTHER_ROOTS);
            look.lacksUnless(cluster.faults().isEmpty(), cluster.name(), Lack.TAKES_NO_UPDATE);
        }
    }

    /** In an emergency once is enough, so that nobody waits for the dead; but a share of those whom nobody counted is none. */
    static void inventory(Look look) {
        for (Cluster cluster : look.seen.clusters()) {
            if (look.isUrgent()) {
                look.lacksUnless(cluster.inventoryAt().isAfter(Instant.EPOCH), cluster.name(), Lack.NEVER_LISTED);
            } else {
                look.lacksUnless(look.isFresh(cluster.inventoryAt()), cluster.name(), Lack.UNLISTED);
                look.lacksUnless(hasIssuer(cluster, look.seen), cluster.name(), Lack.NO_ISSUER);
            }
        }
    }

    private static boolean hasIssuer(Cluster cluster, RotationEvidence seen) {
        for (Issuer issuer : seen.issuers()) {
            if (issuer.cluster().equals(cluster.name())) {
                return true;
            }
        }
        return false;
    }

    static void mounted(Look look) {
        Set<RootId> published = look.phase.published();
        for (Cluster cluster : look.seen.clusters()) {
            look.lacksUnless(look.isFresh(cluster.seenAt()), cluster.name(), Lack.UNSEEN);
            if (cluster.mounted().value().equals(published)) {
                look.lacksUntil(
                        cluster.mounted().since().plus(look.timing.mountDelay()), cluster.name(), Lack.MOUNTING);
            } else {
                look.lacks(cluster.name(), Lack.OTHER_MOUNTED);
            }
        }
    }
}
