package io.beringia.scenarios.fault;

import java.util.Optional;
import java.util.PriorityQueue;

/**
 * What waits for its time, the earliest first and of one time the first come. Bounded: what finds no place is refused. Owned by
 * one thread.
 */
final class DueQueue<T> {
    private final PriorityQueue<Waiting<T>> waiting = new PriorityQueue<>();
    private final int max;
    private long order;

    private record Waiting<T>(T what, long dueNanos, long order) implements Comparable<Waiting<T>> {
        /** By differences, since times of {@link System#nanoTime()} may overflow. */
        @Override
        public int compareTo(Waiting<T> other) {
            long before = dueNanos == other.dueNanos ? order - other.order : dueNanos - other.dueNanos;
            return Long.signum(before);
        }
    }

    /** @param max at least 1 */
    DueQueue(int max) {
        this.max = max;
    }

    /** False if it is full. */
    boolean add(T what, long dueNanos) {
        return waiting.size() < max && waiting.add(new Waiting<>(what, dueNanos, order++));
    }

    /** The next one whose time has come, taken out; empty if there is none. */
    Optional<T> take(long nowNanos) {
        boolean isDue = !waiting.isEmpty() && waiting.element().dueNanos() - nowNanos <= 0;
        return isDue ? Optional.of(waiting.remove().what()) : Optional.empty();
    }

    int size() {
        return waiting.size();
    }

    /** Until then; at most that. */
    long untilNext(long nowNanos, long atMost) {
        return waiting.isEmpty() ? atMost : Math.clamp(waiting.element().dueNanos() - nowNanos, 0L, atMost);
    }
}
