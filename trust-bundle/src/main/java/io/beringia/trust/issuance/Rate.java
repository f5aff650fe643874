package io.beringia.trust.issuance;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A token bucket's rule. Pure.
 *
 * @param burst as many at once, 1 or more
 * @param perSecond so many come back each second
 */
record Rate(int burst, int perSecond) {
    /** What is left of a burst at a moment. */
    record Bucket(double left, Instant at) {}

    Bucket full(Instant now) {
        return new Bucket(burst, now);
    }

    /** The bucket with one less; empty where there is none to take. A clock that goes back gives nothing. */
    Optional<Bucket> take(Bucket bucket, Instant now) {
        double seconds = Math.max(0, Duration.between(bucket.at(), now).toMillis() / 1_000.0);
        double left = Math.min(burst, bucket.left() + seconds * perSecond);
        return left >= 1 ? Optional.of(new Bucket(left - 1, now)) : Optional.empty();
    }
}
