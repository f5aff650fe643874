package io.beringia.trust.authority;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The intermediate that signs and the one that waits its turn, by SPIRE's rhythm: the next one is prepared at half of the
 * life of the one that signs, 30 days before its end at most, and signs at a sixth, 7 days at most. Pure.
 *
 * @see <a href="https://github.com/spiffe/spire/blob/main/pkg/server/ca/manager/slot.go">SPIRE's slots</a>
 */
public record SigningSlots(Slot current, Optional<Slot> next) {
    /** An intermediate, by its validity. */
    public record Slot(Instant notBefore, Instant notAfter) {
        public static Slot of(X509Certificate certificate) {
            return new Slot(
                    certificate.getNotBefore().toInstant(),
                    certificate.getNotAfter().toInstant());
        }

        private Instant whenLeft(int part, Duration max) {
            Duration left = Duration.between(notBefore, notAfter).dividedBy(part);
            return notAfter.minus(left.compareTo(max) < 0 ? left : max);
        }

        Instant prepareAt() {
            return whenLeft(2, Duration.ofDays(30));
        }

        /** Somebody has to hear of it: a third is left, 14 days at most. */
        Instant lateAt() {
            return whenLeft(3, Duration.ofDays(14));
        }

        Instant activateAt() {
            return whenLeft(6, Duration.ofDays(7));
        }
    }

    /** What is to be done now. */
    public enum Step {
        REST,
        /** The next one is to be made. */
        PREPARE,
        /** The same, and it should have been. */
        LATE,
        /** The next one is to sign. */
        ACTIVATE
    }

    /** The one step that brings us closer to where we should be. */
    public Step step(Instant now) {
        if (next.filter(it -> !it.notBefore().isAfter(now)).isPresent()) {
            return now.isBefore(current.activateAt()) ? Step.REST : Step.ACTIVATE;
        }
        if (now.isBefore(current.prepareAt())) {
            return Step.REST;
        }
        return now.isBefore(current.lateAt()) ? Step.PREPARE : Step.LATE;
    }
}
