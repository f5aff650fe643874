package io.beringia.trust.rotation;

import io.beringia.trust.rotation.RotationEvidence.Issuer;
import io.beringia.trust.rotation.RotationEvidence.Plane;
import io.beringia.trust.rotation.RotationPhase.Changing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One gate's look at the evidence, and what it finds missing. Lives for one question. */
final class Look {
    final Changing phase;
    final RotationEvidence seen;
    final Instant now;
    final RotationTiming timing;
    private final Gate gate;
    private final Instant oldest;
    private final List<Missing> missing = new ArrayList<>();

    Look(Gate gate, Changing phase, RotationEvidence seen, Instant now, RotationTiming timing) {
        this.gate = gate;
        this.phase = phase;
        this.seen = seen;
        this.now = now;
        this.timing = timing;
        this.oldest = now.minus(timing.evidenceAgeMax());
    }

    boolean isWaived(Plane plane) {
        return seen.waived().contains(plane.name());
    }

    boolean isFresh(Instant seenAt) {
        return !seenAt.isBefore(oldest);
    }

    void lacks(String who, Lack lack) {
        missing.add(new Missing(gate, who, lack, Optional.empty()));
    }

    void lacks(String who, Lack lack, Instant until) {
        missing.add(new Missing(gate, who, lack, Optional.of(until)));
    }

    void lacksUnless(boolean isFine, String who, Lack lack) {
        if (!isFine) {
            lacks(who, lack);
        }
    }

    /** A wait that ends by itself. */
    void lacksUntil(Instant end, String who, Lack lack) {
        if (!now.isAfter(end)) {
            lacks(who, lack, end);
        }
    }

    List<Missing> missing() {
        return missing;
    }

    /** Whoever is in a hurry waits for a share of so many. */
    void forgiveFew(int all) {
        if (phase.change().pace() instanceof Pace.Urgent pace && pace.allows(missing.size(), all)) {
            missing.clear();
        }
    }

    boolean isUrgent() {
        return phase.change().pace() instanceof Pace.Urgent;
    }

    /** An issuer that was seen lately to obey the newest order, in one part of it; says what is wrong otherwise. */
    boolean obeys(Issuer issuer, long generation) {
        lacksUnless(isFresh(issuer.seenAt()), issuer.name(), Lack.UNSEEN);
        lacksUnless(generation >= phase.generation(), issuer.name(), Lack.NOT_OBEYED);
        return isFresh(issuer.seenAt()) && generation >= phase.generation();
    }
}
