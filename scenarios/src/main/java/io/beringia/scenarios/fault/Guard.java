package io.beringia.scenarios.fault;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The runner's line to its {@link Watchdog}, which is a process of its own. A line that cannot be said throws: nothing is
 * done unguarded. Owned by the runner's thread.
 */
final class Guard implements AutoCloseable {
    private final Process watchdog;
    private final Writer lines;

    private Guard(Process watchdog) {
        this.watchdog = watchdog;
        this.lines = new OutputStreamWriter(watchdog.getOutputStream(), StandardCharsets.UTF_8);
    }

    static Guard start(List<String> watchdogCommand, Path logs) throws IOException {
        return new Guard(ChildProcesses.process(watchdogCommand, logs.resolve("watchdog.log")));
    }

    /** Until it is released or the runner ends. */
    void keep(Residue residue) throws IOException {
        say("guard " + residue);
    }

    /** The same, but no longer than that. */
    void keepFor(Residue residue, Duration length) throws IOException {
        say("guard-for " + length.toMillis() + " " + residue);
    }

    /** It was taken away, or may stay. */
    void release(Residue residue) throws IOException {
        say("release " + residue);
    }

    private void say(String line) throws IOException {
        lines.write(line + "\n");
        lines.flush();
    }

    /** The watchdog takes away what is left, and ends. */
    @Override
    public void close() {
        ChildProcesses.closePipe(watchdog);
        ChildProcesses.endBy(watchdog, System.nanoTime() + ChildProcesses.PATIENCE.toNanos());
    }
}
