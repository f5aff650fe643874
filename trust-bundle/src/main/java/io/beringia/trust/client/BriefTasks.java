package io.beringia.trust.client;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/**
 * Virtual threads for the connections of strangers: few at once, each interrupted when its time is over, which closes the
 * socket that it waits for. Whoever sends one octet an hour holds nobody up. Any thread.
 */
public final class BriefTasks implements Executor, AutoCloseable {
    /** A federation of a thousand asks less often; more at once is an attack, and the rest may come again. */
    private static final int TASKS_MAX = 64;

    private final Semaphore free = new Semaphore(TASKS_MAX);
    private final String name;
    private final ExecutorService threads;
    private final Duration longest;

    public BriefTasks(String name, Duration longest) {
        this.name = name;
        this.threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name(name + "/", 0).factory());
        this.longest = longest;
    }

    /** Throws {@link RejectedExecutionException} while too many run. */
    @Override
    public void execute(Runnable task) {
        if (!free.tryAcquire()) {
            throw new RejectedExecutionException("connections: " + TASKS_MAX + " at once (expected: fewer)");
        }
        try {
            threads.execute(() -> bounded(task));
        } catch (RejectedExecutionException closed) {
            free.release();
            throw closed;
        }
    }

    private void bounded(Runnable task) {
        Thread worker = Thread.currentThread();
        Thread watch = Thread.ofVirtual().name(name + "-watch").start(() -> interruptLater(worker));
        try {
            task.run();
        } finally {
            watch.interrupt();
            free.release();
        }
    }

    private void interruptLater(Thread worker) {
        try {
            Thread.sleep(longest);
            worker.interrupt();
        } catch (InterruptedException inTime) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
