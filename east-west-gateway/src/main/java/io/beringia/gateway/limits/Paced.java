package io.beringia.gateway.limits;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** What is left of one {@link Rate}. Any thread, by compare-and-set; time is of one monotonic clock for all of them. */
final class Paced {
    private final Rate rate;
    private final AtomicLong paidNanos;

    Paced(Rate rate, long nowNanos) {
        this.rate = rate;
        this.paidNanos = new AtomicLong(nowNanos);
    }

    /** Takes one, if there is one now. */
    boolean take(long nowNanos) {
        return reserve(nowNanos, 0).isPresent();
    }

    /** Takes one, and says how long to wait for it; takes nothing, and is empty, if that would be longer than this. */
    OptionalLong reserve(long nowNanos, long patienceNanos) {
        while (true) {
            long paid = paidNanos.get();
            long wait = rate.waitNanos(paid, nowNanos);
            if (wait > patienceNanos) {
                return OptionalLong.empty();
            }
            if (paidNanos.compareAndSet(paid, rate.paidAfter(paid, nowNanos))) {
                return OptionalLong.of(wait);
            }
        }
    }
}
