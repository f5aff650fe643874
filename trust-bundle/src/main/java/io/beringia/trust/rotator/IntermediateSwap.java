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
 *
 * @param next where the next one is laid out
 */
record IntermediateSwap(Path next, Issuer issuer, Intermediates intermediates, InstantSource clock) {
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
        Slot current = Slot.of(active.certificate());
        if (!Files.exists(next)) {
            return due(current, Optional.empty(), List.of(), now);
        }
        try {
            Authority laidOut = CaFiles.in(next).open(clock);
            boolean isForASwap = laidOut.root().equals(active.root())
                    && !laidOut.certificate().equals(active.certificate());
            List<String> faults = isForASwap ? new Candidates(active, false, clock).faults(laidOut, now) : List.of();
            boolean isFit = isForASwap && faults.isEmpty();
            return due(current, isFit ? Optional.of(Slot.of(laidOut.certificate())) : Optional.empty(), faults, now);
        } catch (RuntimeException unusable) {
            return due(current, Optional.empty(), List.of(String.valueOf(unusable.getMessage())), now);
        }
    }

    private static Due due(Slot current, Optional<Slot> next, List<String> faults, Instant now) {
        return new Due(new SigningSlots(current, next).step(now), current, next, faults);
    }

    X509Certificate laidOut() {
        return PemFile.certificates(CaFiles.in(next).certificate()).getFirst();
    }

    /** Signs from here on, also after a crash; the cluster's own files follow. Returns who does. */
    Authority activate() throws IOException {
        intermediates.keepSwapped(CaFiles.in(next), clock);
        Authority newest = intermediates.swapped().open(clock);
        issuer.signing().change(newest);
        intermediates.finishSwap();
        return newest;
    }
}
