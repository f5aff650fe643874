package io.beringia.gateway.outbound;

import io.beringia.discovery.catalog.PathRules;

/**
 * How long the oldest bytes that we sent on one connection have waited to be acknowledged, as far as can be told: the
 * kernel says when an acknowledgement came last and how often it has sent again, not for which bytes. Immutable; times
 * are nanoseconds of one monotonic clock.
 *
 * @param progressNanos when nothing waited, or something was acknowledged, for all that was seen
 */
record Unacknowledged(long progressNanos) {
    Unacknowledged seen(KernelSample sample, long nowNanos) {
        long waiting = sample.segments() == 0 ? 0 : Math.min(sample.sinceAckNanos(), nowNanos - progressNanos);
        return new Unacknowledged(nowNanos - waiting);
    }

    /** Whether they have waited for as long as a silence that condemns a path. */
    boolean isTooLong(KernelSample sample, long nowNanos) {
        long waiting = Math.max(nowNanos - progressNanos, sample.resentForNanos());
        return sample.segments() > 0 && waiting > PathRules.downAfterNanos(sample.roundTrip());
    }
}
