package io.beringia.trust.rotator;

import io.beringia.trust.rotation.Decision;
import io.beringia.trust.rotation.Missing;
import io.beringia.trust.rotation.RotationEvidence;
import io.beringia.trust.rotation.RotationPhase;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where a rotation stands and what it waits for, at one moment.
 *
 * @param missing what the gates of its phase lack; empty where they are open
 * @param trouble why nothing can go on whatever the gates say: a store, ledger or CA that cannot be written to
 */
public record RotationStatus(
        RotationState state, RotationEvidence seen, List<Missing> missing, Optional<String> trouble, Instant at) {
    public RotationStatus {
        missing = List.copyOf(missing);
    }

    static List<Missing> missing(Decision decision) {
        return decision instanceof Decision.Hold(List<Missing> missing) ? missing : List.of();
    }

    public RotationPhase phase() {
        return state.phase();
    }

    /** How many are waited for. */
    public long laggards() {
        return missing.stream().map(Missing::who).distinct().count();
    }
}
