package io.beringia.discovery.apiserver;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits until a program answers, says what for, and not for ever. */
final class Readiness {
    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);

    /** Seconds on a quiet machine, a minute where builds use it, too. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final Duration SAY_EVERY = Duration.ofSeconds(2);

    private Readiness() {}

    /**
     * @param missing what it still lacks; empty when it is ready
     * @throws IllegalStateException if it ends or takes too long, with its last words
     */
    static void await(GuardedProcess process, Supplier<Optional<String>> missing) {
        long start = System.nanoTime();
        long said = start;
        for (Optional<String> lack = missing.get(); lack.isPresent(); lack = missing.get()) {
            long now = System.nanoTime();
            if (!process.isAlive() || now - start > PATIENCE.toNanos()) {
                throw new IllegalStateException("%s: %s after %s, and %s (expected: ready in %s); it said last:%n%s"
                        .formatted(
                                process,
                                lack.get(),
                                Duration.ofNanos(now - start),
                                process.isAlive() ? "it runs" : "it has ended",
                                PATIENCE,
                                process.lastWords()));
            }
            if (now - said > SAY_EVERY.toNanos()) {
                said = now;
                LOG.atInfo()
                        .addKeyValue("process", process)
                        .addKeyValue("missing", lack.get())
                        .addKeyValue("seconds", Duration.ofNanos(now - start).toSeconds())
                        .log("waiting for a control plane");
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }
}
