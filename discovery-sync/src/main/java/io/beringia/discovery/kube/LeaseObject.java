package io.beringia.discovery.kube;

import java.time.Duration;
import java.time.Instant;

/**
 * A Lease ({@code coordination.k8s.io/v1}).
 *
 * @param resourceVersion empty for one that is not stored yet
 * @param holder empty where nobody holds it
 */
public record LeaseObject(String resourceVersion, String holder, Duration duration, Instant renewed, long transitions) {
    public static LeaseObject held(String holder, Duration duration, Instant now, long transitions) {
        return new LeaseObject("", holder, duration, now, transitions);
    }

    public LeaseObject renewed(Instant now) {
        return new LeaseObject(resourceVersion, holder, duration, now, transitions);
    }

    public LeaseObject takenBy(String other, Duration lasting, Instant now) {
        return new LeaseObject(resourceVersion, other, lasting, now, transitions + 1);
    }

    /** What changes with every renewal. */
    public Claim claim() {
        return new Claim(holder, renewed, transitions);
    }

    /** One renewal of one holder. */
    public record Claim(String holder, Instant renewed, long transitions) {}
}
