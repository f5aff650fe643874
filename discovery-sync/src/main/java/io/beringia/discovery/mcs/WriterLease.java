package io.beringia.discovery.mcs;

import io.beringia.discovery.kube.LeaseObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Who of several replicas writes. A lease of another one is over when it has not changed for its duration by our own clock,
 * which does not jump; the times in it are the other's and are never compared. Owned by the writer's thread.
 */
final class WriterLease {
    /** How long a replica that died holds the pen. */
    static final Duration DURATION = Duration.ofSeconds(15);

    /** A third, so that two renewals may fail. */
    static final Duration RENEW_EVERY = DURATION.dividedBy(3);

    private final String self;
    private Optional<LeaseObject> seen = Optional.empty();
    private Instant changedAt = Instant.MIN;
    private Optional<Instant> heldUntil = Optional.empty();

    WriterLease(String self) {
        this.self = self;
    }

    /** What to do with the lease as it stands. */
    sealed interface Step {
        record Create(LeaseObject lease) implements Step {}

        /** Only if it is still that version. */
        record Replace(LeaseObject lease) implements Step {}

        /** It is another's. */
        record Stand() implements Step {}
    }

    /** @param now by a clock that does not jump */
    Step step(Optional<LeaseObject> stored, Instant now) {
        if (!stored.map(LeaseObject::claim).equals(seen.map(LeaseObject::claim))) {
            seen = stored;
            changedAt = now;
        }
        if (stored.isEmpty()) {
            return new Step.Create(LeaseObject.held(self, DURATION, now, 0));
        }
        LeaseObject lease = stored.get();
        if (lease.holder().equals(self)) {
            return new Step.Replace(lease.renewed(now));
        }
        boolean isOver = lease.holder().isEmpty() || !now.isBefore(changedAt.plus(lease.duration()));
        return isOver ? new Step.Replace(lease.takenBy(self, DURATION, now)) : new Step.Stand();
    }

    /** Our write of it was taken: it is ours for its duration, counted from before the write. */
    void held(Instant asOf) {
        heldUntil = Optional.of(asOf.plus(DURATION));
    }

    void lost() {
        heldUntil = Optional.empty();
    }

    boolean isOurs(Instant now) {
        return heldUntil.filter(now::isBefore).isPresent();
    }
}
