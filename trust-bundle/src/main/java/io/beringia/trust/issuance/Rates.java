package io.beringia.trust.issuance;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A {@link Rate.Bucket} for each key, the longest unused ones forgotten first. Any thread; the lock guards the map alone and
 * nobody is called under it.
 */
final class Rates {
    /** A large region's nodes, or pods; more keys than this are somebody's game with addresses. */
    private static final int KEYS_MAX = 10_000;

    private final Rate rate;
    private final Map<String, Rate.Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Rate.Bucket> eldest) {
            return size() > KEYS_MAX;
        }
    };

    Rates(Rate rate) {
        this.rate = rate;
    }

    /** Whether {@code key} may do one more thing now. */
    synchronized boolean take(String key, Instant now) {
        Rate.Bucket before = buckets.computeIfAbsent(key, fresh -> rate.full(now));
        Optional<Rate.Bucket> after = rate.take(before, now);
        after.ifPresent(bucket -> buckets.put(key, bucket));
        return after.isPresent();
    }
}
