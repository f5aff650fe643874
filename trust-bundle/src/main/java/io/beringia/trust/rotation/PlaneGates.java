package io.beringia.trust.rotation;

import io.beringia.trust.rotation.RotationEvidence.Adoption;
import io.beringia.trust.rotation.RotationEvidence.Issuer;
import io.beringia.trust.rotation.RotationEvidence.Plane;
import io.beringia.trust.rotation.RotationEvidence.RootsFrom;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;

/**
 * The gates that look at data planes. One counts when it was seen lately, and since the issuers give what they should:
 * an answer that was on its way before could undo what was seen earlier. One that is out of sight is fenced once every
 * leaf that it can have from before has ended: what it got since is right, and without a leaf it speaks to nobody.
 */
final class PlaneGates {
    private PlaneGates() {}

    static void trusted(Look look) {
        RootId root = look.phase.staying();
        judge(look, Fence.ofRoots(look), one -> one.roots().contains(root), Lack.NOT_TRUSTING);
    }

    static void gone(Look look) {
        RootId root = look.phase.leaving();
        judge(look, Fence.ofRoots(look), one -> !one.roots().contains(root), Lack.STILL_TRUSTING);
    }

    static void leaves(Look look) {
        RootId root = look.phase.leaving();
        Fence fence = Fence.ofLeaves(look);
        judge(look, fence, one -> !one.issuer().equals(root), Lack.OTHER_LEAF);
        if (!look.isUrgent()) {
            look.seen.issuers().forEach(issuer -> leavesOf(issuer, fence, look));
        }
    }

    private static void judge(Look look, Fence fence, Predicate<Adoption> isFine, Lack lack) {
        for (Plane plane : look.seen.planes()) {
            if (!look.isWaived(plane)) {
                judge(plane, look, fence, isFine, lack);
            }
        }
        look.forgiveFew(look.seen.planes().size());
    }

    private static void judge(Plane plane, Look look, Fence fence, Predicate<Adoption> isFine, Lack lack) {
        if (plane.last().isPresent() && look.isFresh(plane.last().get().seenAt())) {
            Adoption last = plane.last().get();
            boolean isSure = !last.seenAt().isBefore(fence.start().plus(look.timing.answerDelay()));
            look.lacksUnless(!isFine.test(last) || isSure, plane.name(), Lack.NOT_SEEN_SINCE);
            look.lacksUnless(isFine.test(last), plane.name(), lack);
        } else if (fence.holds(plane)) {
            Instant left = plane.last().map(Adoption::leafNotAfter).orElse(Instant.EPOCH);
            Instant end = left.isAfter(fence.end()) ? left : fence.end();
            look.lacksUntil(end.plus(look.timing.clockSkew()), plane.name(), Lack.UNSEEN);
        } else {
            look.lacks(plane.name(), Lack.UNSEEN);
        }
    }

    /** Also for data planes that nobody knows. */
    private static void leavesOf(Issuer issuer, Fence fence, Look look) {
        Instant end = issuer.leafEnds()
                .map(ends -> ends.getOrDefault(look.phase.leaving(), Instant.EPOCH))
                .orElse(fence.end());
        look.lacksUntil(end.plus(look.timing.clockSkew()), issuer.name(), Lack.LEAVES_ALIVE);
    }

    /**
     * From when on whoever asks an issuer gets what he should, and when every leaf from before has ended.
     *
     * @param holdsAll whether it holds those too whose roots come without a leaf
     */
    private record Fence(Instant start, Instant end, boolean holdsAll) {
        static Fence ofRoots(Look look) {
            return of(look, false);
        }

        static Fence ofLeaves(Look look) {
            return of(look, true);
        }

        private static Fence of(Look look, boolean holdsAll) {
            Instant start = look.phase.since();
            Duration life = Duration.ZERO;
            for (Issuer issuer : look.seen.issuers()) {
                start = look.isUrgent() || issuer.since().isBefore(start) ? start : issuer.since();
                life = issuer.leafLifeMax().compareTo(life) > 0 ? issuer.leafLifeMax() : life;
            }
            return new Fence(start, start.plus(life), holdsAll);
        }

        boolean holds(Plane plane) {
            return holdsAll || plane.rootsFrom() == RootsFrom.LEAF;
        }
    }
}
