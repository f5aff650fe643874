package io.beringia.scenarios.bench;

import io.beringia.scenarios.fault.ChildProcesses;
import java.io.IOException;
import java.util.List;

/**
 * A proxy that runs, and the processes of which it consists: one, or two where a second gateway is on the way. Owned by
 * the bench's thread.
 */
record Running(Peer peer, Door door, ChildProcesses children, List<String> names) implements AutoCloseable {
    Running {
        names = List.copyOf(names);
    }

    /** Processor seconds until now. */
    double cpuSeconds() throws IOException {
        double sum = 0;
        for (String name : names) {
            sum += new ProcessFigures(children.pid(name)).cpuSeconds();
        }
        return sum;
    }

    long residentBytes() throws IOException {
        long sum = 0;
        for (String name : names) {
            sum += new ProcessFigures(children.pid(name)).residentBytes();
        }
        return sum;
    }

    /** The process that clients reach, or that reaches the backend where there are two. */
    long pid() {
        return children.pid(names.getFirst());
    }

    boolean isAlive() {
        return names.stream().allMatch(children::isRunning);
    }

    @Override
    public void close() {
        try {
            for (String name : names) {
                children.kill(name);
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
