package io.beringia.gateway.limits;

import java.util.concurrent.atomic.AtomicInteger;

/** How much of something is taken. Any thread; near its end it may refuse somebody who would just have had room. */
final class Quota {
    private final AtomicInteger taken = new AtomicInteger();

    /** Takes one, if there are at most so many then. */
    boolean take(int max) {
        if (taken.incrementAndGet() > max) {
            taken.decrementAndGet();
            return false;
        }
        return true;
    }

    void giveBack() {
        taken.decrementAndGet();
    }

    int taken() {
        return taken.get();
    }
}
