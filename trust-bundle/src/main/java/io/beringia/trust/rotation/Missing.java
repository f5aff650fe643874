package io.beringia.trust.rotation;

import java.time.Instant;
import java.util.Optional;

/**
 * One thing that a gate lacks.
 *
 * @param who by name: a cluster, issuer, data plane, partner or root
 * @param until when it ends by itself if nothing else is seen: leaves end then, or a wait that follows an observation
 */
public record Missing(Gate gate, String who, Lack lack, Optional<Instant> until) {
    /** One line for people. */
    public String text() {
        return who + ": " + lack.words()
                + until.map(end -> " (at the latest until " + end + ")").orElse("");
    }
}
