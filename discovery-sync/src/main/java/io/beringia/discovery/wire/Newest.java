package io.beringia.discovery.wire;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** A place for one value: a newer one replaces what nobody has taken yet. Any thread. */
final class Newest<T> {
    private final BlockingQueue<T> slot = new ArrayBlockingQueue<>(1);

    /** Never waits. */
    void put(T value) {
        while (!slot.offer(value)) {
            slot.poll();
        }
    }

    /** Gives back what was taken in vain, unless something newer has come. */
    void putBack(T value) {
        slot.offer(value);
    }

    /** Waits for a value. */
    T take() throws InterruptedException {
        return slot.take();
    }

    /** Waits for a value, but not longer than that. */
    Optional<T> take(Duration atMost) throws InterruptedException {
        return Optional.ofNullable(slot.poll(atMost.toNanos(), TimeUnit.NANOSECONDS));
    }
}
