package io.beringia.discovery.lab;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Owns the state of the lab. Only its thread {@code lab/store} replaces it; everyone else writes and reads {@link #latest()}. */
final class LabStore implements AutoCloseable {
    /** More writers than that at once wait, which is what a lab wants. */
    private static final int INBOX_WRITES = 256;

    /** A write is some microseconds; without an answer by then the store is closed. */
    private static final Duration ANSWER_WAIT_MAX = Duration.ofSeconds(5);

    private final BlockingQueue<Pending> inbox = new ArrayBlockingQueue<>(INBOX_WRITES);
    private final Set<Bell> bells = ConcurrentHashMap.newKeySet();
    private final InstantSource clock;
    private final Thread thread;
    private volatile LabState latest;

    /**
     * Versions begin at the milliseconds of the clock: after a restart they are beyond all that clients have seen, so that
     * they list again.
     */
    LabStore(InstantSource clock) {
        this.clock = clock;
        this.latest = LabState.emptyAt(Math.max(1, clock.millis()));
        this.thread = Thread.ofVirtual().name("lab/store").start(this::run);
    }

    /** Any thread. Never blocks. */
    LabState latest() {
        return latest;
    }

    /** Any thread. Waits for the answer, at most five seconds. */
    LabAnswer write(LabWrite write) throws InterruptedException {
        Pending pending = new Pending(write, new CompletableFuture<>());
        try {
            if (inbox.offer(pending, ANSWER_WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                return pending.answer().get(ANSWER_WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
            }
            return new LabAnswer.Refused(Refusal.UNAVAILABLE, "lab store: " + INBOX_WRITES + " writes are waiting");
        } catch (TimeoutException closed) {
            return new LabAnswer.Refused(Refusal.UNAVAILABLE, "lab store: no answer in " + ANSWER_WAIT_MAX);
        } catch (ExecutionException bug) {
            return new LabAnswer.Refused(Refusal.INVALID, "lab store: " + bug.getCause());
        }
    }

    /** Any thread. A bell that rings after every change, until it is closed. */
    Bell bell() {
        Bell bell = new Bell(bells);
        bells.add(bell);
        return bell;
    }

    private void run() {
        try {
            while (true) {
                answer(inbox.take());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(Pending pending) {
        try {
            LabState.Step step = latest.step(pending.write(), clock.instant());
            boolean changed =
                    step.state().version() != latest.version() || step.state().compacted() != latest.compacted();
            latest = step.state();
            if (changed) {
                bells.forEach(Bell::ring);
            }
            pending.answer().complete(step.answer());
        } catch (RuntimeException unfit) {
            pending.answer().completeExceptionally(unfit);
        }
    }

    /** Any thread. Writes are refused from here on. */
    @Override
    public void close() {
        thread.interrupt();
    }

    private record Pending(LabWrite write, CompletableFuture<LabAnswer> answer) {}

    /** Wakes one waiting thread; rings that nobody waits for fall into one. Any thread may ring. */
    static final class Bell implements AutoCloseable {
        private final BlockingQueue<Boolean> rung = new ArrayBlockingQueue<>(1);
        private final Set<Bell> among;

        private Bell(Set<Bell> among) {
            this.among = among;
        }

        /** Whether it rang in time. */
        boolean await(Duration atMost) throws InterruptedException {
            return rung.poll(atMost.toNanos(), TimeUnit.NANOSECONDS) != null;
        }

        /** Whether it rang already or not, the next wait ends at once. */
        void ring() {
            var _ = rung.offer(true);
        }

        @Override
        public void close() {
            among.remove(this);
        }
    }
}
