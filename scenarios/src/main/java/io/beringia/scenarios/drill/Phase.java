package io.beringia.scenarios.drill;

import java.util.Set;

/**
 * One stretch of a drill.
 *
 * @param startNanos and {@code endNanos} since the start of the load, on its monotonic clock; a connection belongs to the
 *     phase in which it was due
 * @param lostRegions whose own clients do not count meanwhile, since nobody can serve a process that is frozen
 */
public record Phase(String name, long startNanos, long endNanos, Set<String> lostRegions) {
    public Phase {
        lostRegions = Set.copyOf(lostRegions);
        if (endNanos < startNanos) {
            throw new IllegalArgumentException("phase " + name + ": ends before it starts");
        }
    }

    boolean holds(long dueNanos) {
        return dueNanos >= startNanos && dueNanos < endNanos;
    }
}
