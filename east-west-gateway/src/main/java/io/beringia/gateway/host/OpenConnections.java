package io.beringia.gateway.host;

import java.util.concurrent.atomic.AtomicInteger;

/** How many connections this process carries now, and may carry. Any thread. */
final class OpenConnections {
    /** About what 1 GiB holds at 64 KiB for both ends of a tunnel. */
    static final int MAX = 16_384;

    private final AtomicInteger count = new AtomicInteger();

    /** Whether one more is admitted; each that is must be {@link #leave left} once. */
    boolean enter() {
        if (count.incrementAndGet() > MAX) {
            count.decrementAndGet();
            return false;
        }
        return true;
    }

    void leave() {
        count.decrementAndGet();
    }

    int count() {
        return count.get();
    }
}
