package io.beringia.trust.workload;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** So many at once of all users, and of each one: nobody is kept out by another. Any thread. */
final class Allowance {
    private final int allMax;
    private final int userMax;
    private final AtomicInteger all = new AtomicInteger();
    private final ConcurrentHashMap<String, Integer> held = new ConcurrentHashMap<>();

    Allowance(int allMax, int userMax) {
        this.allMax = allMax;
        this.userMax = userMax;
    }

    /** True where {@code user} may have one more, which has to be given back. */
    boolean take(String user) {
        int now = all.incrementAndGet();
        int ofUser = held.merge(user, 1, Integer::sum);
        if (now <= allMax && ofUser <= userMax) {
            return true;
        }
        give(user);
        return false;
    }

    void give(String user) {
        held.computeIfPresent(user, (name, count) -> count > 1 ? count - 1 : null);
        all.decrementAndGet();
    }
}
