package io.beringia.trust.rotation;

import io.beringia.trust.rotation.RotationEvidence.Candidate;
import io.beringia.trust.rotation.RotationEvidence.Cluster;
import io.beringia.trust.rotation.RotationEvidence.Partner;
import io.beringia.trust.rotation.RotationEvidence.Plane;
import io.beringia.trust.rotation.RotationEvidence.Probe;
import io.beringia.trust.rotation.RotationPhase.Changing;
import java.time.Instant;
import java.util.List;

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

    /** A data plane out of sight is left to {@link Gate#TRUSTED}, which knows when it is fenced. */
    private static void probes(Look look) {
        for (Plane plane : look.seen.planes()) {
            boolean isInSight =
                    plane.last().isPresent() && look.isFresh(plane.last().get().seenAt());
            if (isInSight && !look.seen.waived().contains(plane.name())) {
                look.seen.clusters().forEach(cluster -> probe(plane, cluster, look));
            }
        }
    }

    private static void probe(Plane plane, Cluster cluster, Look look) {
        for (Probe probe : plane.probes()) {
            boolean isOfThisPhase =
                    probe.under().equals(look.phase.staying()) && !probe.at().isBefore(look.phase.since());
            if (isOfThisPhase && probe.cluster().equals(cluster.name())) {
                look.lacksUnless(probe.accepted(), plane.name(), Lack.REFUSES);
                return;
            }
        }
        look.lacks(plane.name(), Lack.NOT_PROBED);
    }

    private static void key(Look look) {
        RootId old = look.phase.leaving();
        look.lacksUnless(look.seen.destroyed().contains(old), old.toString(), Lack.KEY_EXISTS);
    }
}
