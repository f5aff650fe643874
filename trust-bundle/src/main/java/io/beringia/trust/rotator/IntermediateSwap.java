package io.beringia.trust.rotator;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.authority.CaFiles;
import io.beringia.trust.authority.SigningSlots;
import io.beringia.trust.authority.SigningSlots.Slot;
import io.beringia.trust.authority.SigningSlots.Step;
import io.beringia.trust.issuance.Issuer;
import io.beringia.trust.pki.PemFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The cluster's intermediate replaced by the next one under the same root, while no root changes. Everybody trusts the root
 * and each leaf brings its intermediate along, so that nobody has to be waited for: leaves of the old one live on until
 * they end. Owned by the loop.
 */
final class IntermediateSwap {
    private final Path next;
    private final Issuer issuer;
    private final Intermediates intermediates;
    private final InstantSource clock;
    private final Remembered<LaidOut> laidOut = new Remembered<>();

    /** {@code next} is where the next one is laid out. */
    IntermediateSwap(Path next, Issuer issuer, Intermediates intermediates, InstantSource clock) {
        this.next = next;
        this.issuer = issuer;
        this.intermediates = intermediates;
        this.clock = clock;
    }

    private record LaidOut(Optional<Slot> next, List<String> faults) {
        private static final LaidOut NOTHING = new LaidOut(Optional.empty(), List.of());
    }

    /**
     * What there is to do.
     *
     * @param next that waits for its turn
     * @param faults why what is laid out cannot be the next one
     */
    record Due(Step step, Slot current, Optional<Slot> next, List<String> faults) {
        Due {
            faults = List.copyOf(faults);
        }
    }

    Due due(Instant now) {
        Authority active = issuer.authority();
        CaFiles files = intermediates.in(next);
        LaidOut found = laidOut.of(
                files,
                List.of(active.certificate()),
                now,
                () -> Files.exists(next) ? judged(files, active, now) : LaidOut.NOTHING);
        Slot current = Slot.of(active.certificate());
        return new Due(new SigningSlots(current, found.next()).step(now), current, found.next(), found.faults());
    }

    private LaidOut judged(CaFiles files, Authority active, Instant now) {
        try {
            Authority one = files.open(clock);
            boolean isForASwap =
                    one.root().equals(active.root()) && !one.certificate().equals(active.certificate());
            if (!isForASwap) {
                return LaidOut.NOTHING;
            }
            List<String> faults = new Candidates(active, false, clock).faults(one, now);
            return new LaidOut(faults.isEmpty() ? Optional.of(Slot.of(one.certificate())) : Optional.empty(), faults);
        } catch (RuntimeException unusable) {
            return new LaidOut(Optional.empty(), List.of(String.valueOf(unusable.getMessage())));
        }
    }

    X509Certificate laidOut() {
        return PemFile.certificates(intermediates.in(next).certificate()).getFirst();
    }

    /** Signs from here on, also after a crash; the cluster's own files follow. Returns who does. */
    Authority activate() throws IOException {
        intermediates.keepSwapped(intermediates.in(next), clock);
        Authority newest = intermediates.swapped().open(clock);
        issuer.signing().change(newest);
        intermediates.finishSwap();
        return newest;
    }
}
