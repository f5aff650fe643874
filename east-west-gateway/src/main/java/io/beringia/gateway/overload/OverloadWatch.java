package io.beringia.gateway.overload;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Looks at what the process is short of, and has that done about it which {@link OverloadRules} say. A platform thread
 * of its own owns it, since counting descriptors reads files; {@link #level} is for any thread.
 */
public final class OverloadWatch implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final Supplier<Shortage> gauges;
    private final Acts acts;
    private volatile OverloadLevel level = OverloadLevel.NONE;
    private volatile boolean closed;

    public OverloadWatch(Supplier<Shortage> gauges, Acts acts) {
        this.gauges = gauges;
        this.acts = acts;
    }

    /** What is done about it. Called on the thread of the watch; must not wait. */
    public interface Acts {
        void onLevel(OverloadLevel from, OverloadLevel to, Shortage why);

        /** Says goodbye to some of the youngest connections; asked again at each look. */
        void shed();

        /** Asked again at each look, since others may have resumed it. */
        void pauseAccepting();

        void resumeAccepting();
    }

    /** Looks on until it is closed. */
    public OverloadWatch start(String name) {
        Thread.ofPlatform().daemon().name(name + "overload").start(this::run);
        return this;
    }

    private void run() {
        try {
            while (!closed) {
                look();
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** One look, and what follows from it. */
    void look() {
        Shortage now = gauges.get();
        OverloadLevel before = level;
        OverloadLevel next = OverloadRules.next(before, now);
        level = next;
        if (next != before) {
            acts.onLevel(before, next, now);
        }
        if (next.isShedding()) {
            acts.shed();
        }
        if (next.isClosed()) {
            acts.pauseAccepting();
        } else if (before.isClosed()) {
            acts.resumeAccepting();
        }
    }

    /** Any thread. */
    public OverloadLevel level() {
        return level;
    }

    @Override
    public void close() {
        closed = true;
    }
}
