package io.beringia.scenarios.attack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A control group whose processes may have so much memory, of either version. As root; owned by the test's thread. */
final class MemoryGroup implements AutoCloseable {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final String KILLS = "oom_kill ";

    private final Path folder;
    private final Version version;

    /** What the files of a version are called. */
    private enum Version {
        TWO(ROOT, "memory.max", "memory.events", "memory.peak"),
        ONE(ROOT.resolve("memory"), "memory.limit_in_bytes", "memory.oom_control", "memory.max_usage_in_bytes");

        private final Path root;
        private final String limit;
        private final String events;
        private final String peak;

        Version(Path root, String limit, String events, String peak) {
            this.root = root;
            this.limit = limit;
            this.events = events;
            this.peak = peak;
        }
    }

    private MemoryGroup(Path folder, Version version) {
        this.folder = folder;
        this.version = version;
    }

    /** Whether this machine lets us have such a group; says why not, or nothing. */
    static Optional<String> whyNot() {
        try (MemoryGroup trial = of("bz-trial", Long.MAX_VALUE / 4096 * 4096)) {
            return trial.kills() == 0 ? Optional.empty() : Optional.of("memory: killed already (expected: nothing)");
        } catch (IOException refused) {
            return Optional.of(String.valueOf(refused.getMessage()));
        }
    }

    static MemoryGroup of(String name, long bytes) throws IOException {
        IOException none = new IOException(
                "control groups: no controller of memory below " + ROOT + " (expected: one that root may use)");
        for (Version version : Version.values()) {
            Path folder =
                    version.root.resolve(name + "-" + ProcessHandle.current().pid());
            try {
                Files.createDirectory(folder);
                if (Files.exists(folder.resolve(version.limit))) {
                    Files.writeString(folder.resolve(version.limit), Long.toString(bytes));
                    return new MemoryGroup(folder, version);
                }
            } catch (IOException refused) {
                none.addSuppressed(refused);
            }
            Files.deleteIfExists(folder);
        }
        throw none;
    }

    /** A command that begins in this group. */
    List<String> inside(List<String> command) {
        List<String> all = new ArrayList<>(List.of(
                "sh",
                "-c",
                "echo $$ >\"$0\" && exec \"$@\"",
                folder.resolve("cgroup.procs").toString()));
        all.addAll(command);
        return all;
    }

    /** Processes that the kernel has killed, since there was no more memory. */
    long kills() throws IOException {
        return Files.readString(folder.resolve(version.events))
                .lines()
                .filter(line -> line.startsWith(KILLS))
                .mapToLong(line -> Long.parseLong(line.substring(KILLS.length())))
                .sum();
    }

    /** The most that was ever used, in bytes. */
    long peakBytes() throws IOException {
        return Long.parseLong(Files.readString(folder.resolve(version.peak)).strip());
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(folder);
        } catch (IOException busy) {
            throw new UncheckedIOException(folder + ": processes are left (expected: none)", busy);
        }
    }
}
