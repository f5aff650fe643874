package io.beringia.gateway.host;

import java.util.concurrent.atomic.AtomicInteger;

/** How many connections this process carries now, and may carry. Any thread. */
final class OpenConnections {
    private final int max;
    private final AtomicInteger count = new AtomicInteger();

    OpenConnections(int max) {
        this.max = max;
    }

    /** Whether one more is admitted; each that is must be {@link #leave left} once. */
    boolean enter() {
        if (count.incrementAndGet() > max) {
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
