package io.beringia.scenarios.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the kernel has counted for one process: see proc(5). */
public record ProcessFigures(long pid) {
    /** The unit of proc(5) on every Linux of ours, whatever the kernel's own tick is. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int USER_FIELD = 11;
    private static final int SYSTEM_FIELD = 12;
    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d{1,15}) kB$");
    private static final Pattern COMPILER = Pattern.compile("^\\d{1,10} \\(C[12] Compiler");
    /** Of "us-west/tunnel-0" the kernel keeps 15 characters. */
    private static final Pattern LOOP = Pattern.compile("^\\d{1,10} \\([^)]{0,15}tunnel-");

    private static final double NANOS_PER_SECOND = 1e9;
    private static final long KIB = 1_024;

    /** Seconds of processor time, in user code and in the kernel, of all its threads since its start. */
    public double cpuSeconds() throws IOException {
        return cpuSeconds(Files.readString(proc("stat")));
    }

    /** The same for the threads of a JVM that compile; less than before where one of them has ended. */
    public double compilerSeconds() throws IOException {
        double sum = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(proc("task"))) {
            for (Path thread : threads) {
                String stat = whileItLives(thread, "stat").orElse("");
                sum += COMPILER.matcher(stat).find() ? cpuSeconds(stat) : 0;
            }
        }
        return sum;
    }

    /**
     * Seconds for which its event loops wanted a processor and had none; 0 where the kernel does not count that. See
     * {@code sched-stats.rst} of Linux.
     */
    public double loopWaitSeconds() throws IOException {
        double sum = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(proc("task"))) {
            for (Path thread : threads) {
                if (LOOP.matcher(whileItLives(thread, "stat").orElse("")).find()) {
                    sum += whileItLives(thread, "schedstat")
                            .map(ProcessFigures::waitSeconds)
                            .orElse(0.0);
                }
            }
        }
        return sum;
    }

    /** Nothing of a thread that has ended since it was listed, as a JVM's compilers do. */
    static Optional<String> whileItLives(Path thread, String file) throws IOException {
        try {
            return Optional.of(Files.readString(thread.resolve(file)));
        } catch (NoSuchFileException ended) {
            return Optional.empty();
        } catch (IOException failed) {
            if (Files.exists(thread)) {
                throw failed;
            }
            return Optional.empty();
        }
    }

    static double waitSeconds(String schedstat) {
        return Long.parseLong(schedstat.split(" ", -1)[1]) / NANOS_PER_SECOND;
    }

    static double cpuSeconds(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[USER_FIELD]) + Long.parseLong(fields[SYSTEM_FIELD])) / TICKS_PER_SECOND;
    }

    public long residentBytes() throws IOException {
        return residentBytes(Files.readString(proc("status")));
    }

    static long residentBytes(String status) {
        Matcher resident = RESIDENT.matcher(status);
        if (!resident.find()) {
            throw new IllegalArgumentException("/proc/PID/status: no VmRSS (expected: that of a process that runs)");
        }
        return Long.parseLong(resident.group(1)) * KIB;
    }

    private Path proc(String file) {
        return Path.of("/proc", Long.toString(pid), file);
    }
}
