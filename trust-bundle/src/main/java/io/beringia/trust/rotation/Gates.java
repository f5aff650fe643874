package io.beringia.trust.rotation;

import io.beringia.trust.rotation.RotationPhase.Changing;
import java.time.Instant;
import java.util.List;

/** Who says what a gate lacks. */
@FunctionalInterface
interface Gates {
    /** Empty where it is open. */
    List<Missing> missing(Gate gate, Changing phase, RotationEvidence seen, Instant now);
}
