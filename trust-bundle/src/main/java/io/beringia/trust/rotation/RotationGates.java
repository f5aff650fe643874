package io.beringia.trust.rotation;

import io.beringia.trust.rotation.RotationEvidence.Candidate;
import io.beringia.trust.rotation.RotationEvidence.Cluster;
import io.beringia.trust.rotation.RotationEvidence.Partner;
import io.beringia.trust.rotation.RotationEvidence.Plane;
import io.beringia.trust.rotation.RotationEvidence.Probe;
import io.beringia.trust.rotation.RotationPhase.Changing;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What each gate asks for. Pure; any thread. */
record RotationGates(RotationTiming timing) implements Gates {
    @Override
    public List<Missing> missing(Gate gate, Changing phase, RotationEvidence seen, Instant now) {
        Look look = new Look(gate, phase, seen, now, timing);
        switch (gate) {
            case CANDIDATE -> candidate(look);
            case CLUSTERS -> ClusterGates.asWeLeftThem(look);
            case INVENTORY -> ClusterGates.inventory(look);
            case HANDED_OUT -> IssuerGates.handedOut(look);
            case MOUNTED -> ClusterGates.mounted(look);
            case TRUSTED -> PlaneGates.trusted(look);
            case PARTNERS -> partners(look);
            case PROBES -> probes(look);
            case SIGNERS -> IssuerGates.signers(look);
            case LEAVES -> PlaneGates.leaves(look);
            case SERVING -> IssuerGates.serving(look);
            case GONE -> PlaneGates.gone(look);
            case KEY -> key(look);
        }
        return look.missing();
    }

    private static void candidate(Look look) {
        RootId next = look.phase.change().to();
        look.seen
                .candidate()
                .filter(candidate -> candidate.root().equals(next))
                .ifPresentOrElse(
                        candidate -> fitness(candidate, look), () -> look.lacks(next.toString(), Lack.NO_CANDIDATE));
    }

    private static void fitness(Candidate candidate, Look look) {
        String who = candidate.root().toString();
        for (String fault : candidate.faults()) {
            look.lacks(who + " (" + fault + ")", Lack.UNFIT);
        }
        Instant needed = look.now.plus(candidate.intermediateLife().multipliedBy(2));
        look.lacksUnless(!candidate.notAfter().isBefore(needed), who, Lack.SHORT_LIVED);
    }

    private static void partners(Look look) {
        Instant served = look.seen.endpoint().since();
        boolean isServed = look.seen.endpoint().value().equals(look.phase.published());
        for (Partner partner : look.seen.partners()) {
            boolean isBehind = partner.fetched()
                    .filter(roots -> !roots.contains(look.phase.staying()))
                    .isPresent();
            if (!isServed || isBehind) {
                look.lacks(partner.name(), Lack.NOT_FETCHED);
            } else {
                Instant fetched = served.plus(partner.refreshHint().multipliedBy(look.timing.refreshesMin()));
                look.lacksUntil(fetched, partner.name(), Lack.FETCHING);
            }
        }
    }

    /**
     * None refused, and one taken by every proxy from every cluster: which roots a data plane has is asked of each,
     * whether it can make use of them is asked of the proxy. No fence stands in for that.
     */
    private static void probes(Look look) {
        for (Cluster cluster : look.seen.clusters()) {
            Set<String> probed = new HashSet<>();
            for (Plane plane : look.seen.planes()) {
                if (look.isWaived(plane) || isProbed(plane, cluster, look)) {
                    probed.add(plane.proxy());
                }
            }
            for (Plane plane : look.seen.planes()) {
                look.lacksUnless(!probed.add(plane.proxy()), plane.proxy(), Lack.NOT_PROBED);
            }
        }
    }

    /** Whether one of this phase reached it; says where it was refused. */
    private static boolean isProbed(Plane plane, Cluster cluster, Look look) {
        for (Probe probe : plane.probes()) {
            boolean isOfThisPhase =
                    probe.under().equals(look.phase.staying()) && !probe.at().isBefore(look.phase.since());
            if (isOfThisPhase && probe.cluster().equals(cluster.name())) {
                look.lacksUnless(probe.accepted(), plane.name(), Lack.REFUSES);
                return true;
            }
        }
        return false;
    }

    private static void key(Look look) {
        RootId old = look.phase.leaving();
        look.lacksUnless(look.seen.destroyed().contains(old), old.toString(), Lack.KEY_EXISTS);
    }
}
