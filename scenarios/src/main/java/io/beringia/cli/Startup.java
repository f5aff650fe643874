package io.beringia.cli;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What a process whose start or end takes time is told and tells. Any thread.
 *
 * @param ended counted down when the process is to end, even before it is up
 * @param said hears, in one line, what is waited for and why
 */
record Startup(CountDownLatch ended, Consumer<String> said) {

    /** Waits for {@code pause}; throws {@link CancellationException} if the process is to end meanwhile. */
    void pause(Duration pause) {
        try {
            if (ended.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new CancellationException("start: ended before it was done");
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new CancellationException("start: interrupted");
        }
    }
}
