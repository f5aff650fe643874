package io.beringia.discovery.hosts;

import io.beringia.discovery.kube.ApiAnswer;
import io.beringia.discovery.kube.LeaseObject;
import io.beringia.discovery.kube.OwnApiWrites;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which replicas that name themselves in entries still live: each renews a Lease of its own, and one that has not changed for
 * its duration, by our own clock, which does not jump, is over. A name without such a lease is none of ours (Istio names its
 * own replicas in the same annotation), and nobody knows anything of it. Owned by the thread {@code hosts}.
 */
final class ReplicaLeases {
    private static final String PREFIX = "beringia-hosts-";

    /** So long a replica that died is taken for alive. */
    static final Duration DURATION = Duration.ofSeconds(15);

    /** A third, so that two renewals may fail. */
    private static final Duration RENEW_EVERY = DURATION.dividedBy(3);

    private final OwnApiWrites api;
    private final String self;
    private final Map<String, Seen> seen = new HashMap<>();
    private Instant renewAt = Instant.MIN;

    private record Seen(LeaseObject.Claim claim, Instant changedAt) {}

    ReplicaLeases(OwnApiWrites api, String self) {
        this.api = api;
        this.self = self;
    }

    /** Says that we live, where that is due; what the API said to it, if it was asked. */
    Optional<ApiAnswer> renew(Instant now, Instant wall) {
        if (now.isBefore(renewAt)) {
            return Optional.empty();
        }
        renewAt = now.plus(RENEW_EVERY);
        LeaseObject next = api.lease(PREFIX + self)
                .map(it -> it.holder().equals(self) ? it.renewed(wall) : it.takenBy(self, DURATION, wall))
                .orElseGet(() -> LeaseObject.held(self, DURATION, wall, 0));
        return Optional.of(api.put(PREFIX + self, next));
    }

    /** Whether that replica was ours, and is gone. */
    boolean isOver(String replica, Instant now) {
        Optional<LeaseObject> lease = api.lease(PREFIX + replica);
        if (lease.isEmpty()) {
            seen.remove(replica);
            return false;
        }
        Seen last = seen.compute(
                replica,
                (name, before) ->
                        before != null && before.claim().equals(lease.get().claim())
                                ? before
                                : new Seen(lease.get().claim(), now));
        return !now.isBefore(last.changedAt().plus(lease.get().duration()));
    }
}
