package io.beringia.discovery.apiserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program that ends no later than we do. A second process holds the read end of a pipe from us and kills it when that
 * closes, also when we were killed and also while it is stopped. Owned by one test.
 */
final class GuardedProcess implements AutoCloseable {
    /** etcd and kube-apiserver finish what they are at; longer than that they are stuck. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Of its output, for messages. */
    private static final int LINES_SHOWN = 12;

    private final String name;
    private final Path log;
    private final Process process;
    private final Process guard;

    private GuardedProcess(String name, Path log, Process process, Process guard) {
        this.name = name;
        this.log = log;
        this.process = process;
        this.guard = guard;
    }

    /** @param log takes what it says */
    static GuardedProcess start(String name, List<String> command, Path log) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            Process guard = new ProcessBuilder("sh", "-c", "cat >/dev/null; kill -KILL " + process.pid()).start();
            return new GuardedProcess(name, log, process, guard);
        } catch (IOException notStarted) {
            throw new UncheckedIOException(name + ": not started", notStarted);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** It stands still, its connections stay open. */
    void freeze() {
        signal("STOP");
    }

    void thaw() {
        signal("CONT");
    }

    private void signal(String which) {
        try {
            int exit = new ProcessBuilder("kill", "-" + which, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException(
                        name + ": SIG" + which + " was not taken (expected: a running process)");
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    /** At once, without a chance to finish anything. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
        guard.destroyForcibly();
    }

    /** Asks it to end, and kills it if it does not. */
    @Override
    public void close() {
        process.destroy();
        if (!awaitEnd()) {
            process.destroyForcibly();
            awaitEnd();
        }
        guard.destroyForcibly();
    }

    private boolean awaitEnd() {
        try {
            return process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** As if we had been killed. */
    void losesUs() throws IOException {
        guard.getOutputStream().close();
    }

    /** The end of what it said. */
    String lastWords() {
        try {
            List<String> lines =
                    Files.readString(log, StandardCharsets.UTF_8).lines().toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
        } catch (IOException unreadable) {
            return log + ": " + unreadable.getMessage();
        }
    }

    @Override
    public String toString() {
        return name + " (pid " + process.pid() + ")";
    }
}
