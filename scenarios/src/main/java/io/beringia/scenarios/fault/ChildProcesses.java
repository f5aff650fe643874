package io.beringia.scenarios.fault;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The processes of one run, by name. Each holds the read end of a pipe from us and ends when it closes; a {@link Watchdog}
 * process does the same for those that are frozen. Owned by the runner's thread.
 */
public final class ChildProcesses implements AutoCloseable {
    /** A JVM that is asked to end drains first; longer than that it is stuck. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Map<String, Process> running = new LinkedHashMap<>();
    private final Guard guard;
    private final Path logs;

    private ChildProcesses(Guard guard, Path logs) {
        this.guard = guard;
        this.logs = logs;
    }

    /** Starts the watchdog first, so that nobody is ever unguarded. Output of each child goes to {@code logs/<name>.log}. */
    public static ChildProcesses guardedBy(List<String> watchdogCommand, Path logs) throws IOException {
        return new ChildProcesses(Guard.start(watchdogCommand, logs), logs);
    }

    /** Starts one more; the command is an argument list, never a shell's line. */
    public void start(String name, List<String> command) throws IOException {
        Process child = process(command, log(name));
        running.put(name, child);
        guard.keep(Residue.Child.of(child.toHandle()));
    }

    public Path log(String name) {
        return logs.resolve(name.replace('/', '-') + ".log");
    }

    public boolean isRunning(String name) {
        return find(name).isAlive();
    }

    public long pid(String name) {
        return find(name).pid();
    }

    /** False if it has ended before. */
    public boolean send(String name, Signal signal) {
        return signal.sendTo(find(name).toHandle());
    }

    /** Stops it, and lets it go on after that time at the latest, even if this runner is gone. */
    public void freeze(String name, Duration atMost) throws IOException {
        guard.keepFor(new Residue.Frozen(Residue.Child.of(find(name).toHandle())), atMost);
        send(name, Signal.STOP);
    }

    /** Writes one line to its input. Throws {@link UncheckedIOException} if it has ended before. */
    public void tell(String name, String line) {
        try {
            OutputStream input = find(name).getOutputStream();
            input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            input.flush();
        } catch (IOException ended) {
            throw new UncheckedIOException("process " + name + ": " + ended.getMessage(), ended);
        }
    }

    public List<String> names() {
        return List.copyOf(running.keySet());
    }

    /** Kills it, waits for its end, and forgets it. */
    public void kill(String name) throws InterruptedException {
        Process child = find(name);
        child.destroyForcibly();
        child.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        running.remove(name);
    }

    /** Closes its pipe, and says whether it ended by itself within that time; it is killed else, and forgotten. */
    public boolean end(String name, Duration within) throws InterruptedException {
        Process child = find(name);
        closePipe(child);
        boolean ended = child.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
        kill(name);
        return ended;
    }

    /** Closes every pipe, gives all together {@link #PATIENCE}, kills who is left, then lets the watchdog go. */
    @Override
    public void close() {
        running.values().forEach(ChildProcesses::closePipe);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        running.values().forEach(child -> endBy(child, deadline));
        guard.close();
    }

    private Process find(String name) {
        Process child = running.get(name);
        if (child == null) {
            throw new IllegalArgumentException("process: " + name + " (expected: one of " + running.keySet() + ")");
        }
        return child;
    }

    static Process process(List<String> command, Path log) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(log.toString())))
                .start();
    }

    static void closePipe(Process child) {
        try {
            child.getOutputStream().close();
        } catch (IOException closed) {
            throw new UncheckedIOException("pipe of process " + child.pid() + ": " + closed.getMessage(), closed);
        }
    }

    static void endBy(Process child, long deadline) {
        try {
            if (!child.waitFor(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                child.destroyForcibly().waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException hurry) {
            child.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
