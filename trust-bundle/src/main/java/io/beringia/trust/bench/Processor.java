package io.beringia.trust.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Objects;

/** Processor time of threads of this process, whatever else the machine does meanwhile. */
final class Processor {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private Processor() {}

    /** One piece of work. */
    interface Work {
        void run() throws Exception;
    }

    /** Seconds that it takes of the calling thread. */
    static double seconds(Work work) {
        long start = THREADS.getCurrentThreadCpuTime();
        try {
            work.run();
        } catch (Exception failed) {
            throw new IllegalStateException(
                    "bench: " + failed.getMessage() + " (expected: work that succeeds)", failed);
        }
        return (THREADS.getCurrentThreadCpuTime() - start) / 1e9;
    }

    /** Seconds that the living threads of that name ever took. */
    static double secondsOf(String name) {
        return Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                        .filter(Objects::nonNull)
                        .filter(info -> info.getThreadName().equals(name))
                        .mapToLong(ThreadInfo::getThreadId)
                        .map(THREADS::getThreadCpuTime)
                        .filter(nanos -> nanos > 0)
                        .sum()
                / 1e9;
    }
}
