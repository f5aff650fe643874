package io.beringia.discovery.snapshot;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whose snapshots are believed.
 *
 * @param cluster whose it must be; empty for whose it says it is
 * @param signer who must have signed it; empty for whoever is of that cluster
 * @param maxAge beyond which it is of no use
 */
public record SnapshotTrust(
        PeerVerifier verifier,
        TrustBundles bundles,
        Optional<ClusterId> cluster,
        Optional<SpiffeId> signer,
        Duration maxAge) {
    /** Clocks of two starts of one machine differ less. */
    private static final Duration CLOCK_SKEW_MAX = Duration.ofMinutes(5);

    /** Why a snapshot of that time and signer is not believed; empty if it is. */
    Optional<SnapshotVerdict.Refused> refusalOf(
            ClusterId written, Instant writtenAt, PeerVerdict.Verified by, Instant now) {
        Optional<String> foreign = unless("cluster", cluster, written)
                .or(() -> unless("signer", signer, by.id()))
                .or(() -> unless("cluster of the signer", by.cluster(), written.name()));
        if (foreign.isPresent()) {
            return foreign.flatMap(detail -> refused(SnapshotVerdict.Reason.FOREIGN, detail));
        }
        if (writtenAt.isAfter(now.plus(CLOCK_SKEW_MAX))) {
            return refused(
                    SnapshotVerdict.Reason.FROM_THE_FUTURE,
                    "written at " + writtenAt + " (expected: before " + now + ")");
        }
        Duration age = Duration.between(writtenAt, now);
        return age.compareTo(maxAge) > 0
                ? refused(SnapshotVerdict.Reason.TOO_OLD, "age: " + age + " (expected: at most " + maxAge + ")")
                : Optional.empty();
    }

    /** What is wrong where something is expected and another thing is there. */
    private static <T> Optional<String> unless(String what, Optional<T> expected, T found) {
        return expected.filter(it -> !it.equals(found)).map(it -> what + ": " + found + " (expected: " + it + ")");
    }

    private static Optional<SnapshotVerdict.Refused> refused(SnapshotVerdict.Reason why, String detail) {
        return Optional.of(new SnapshotVerdict.Refused(why, detail));
    }
}
