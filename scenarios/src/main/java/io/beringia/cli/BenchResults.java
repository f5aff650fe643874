package io.beringia.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** What a bench says while it measures, and what it leaves: a table for people and the same in JSON. One thread. */
final class BenchResults {
    private final PrintWriter out;
    private final Path directory;
    private final long start = System.nanoTime();

    private BenchResults(PrintWriter out, Path directory) {
        this.out = out;
        this.directory = directory;
    }

    /** Makes {@code directory} where there is none. */
    static BenchResults in(Path directory, PrintWriter out) throws IOException {
        return new BenchResults(out, Files.createDirectories(directory));
    }

    /** A new folder for what one run writes. */
    Path run(String prefix) throws IOException {
        return Files.createTempDirectory(directory.toAbsolutePath(), prefix);
    }

    void say(String step) {
        out.printf("%4d s  %s%n", Duration.ofNanos(System.nanoTime() - start).toSeconds(), step);
        out.flush();
    }

    /** As {@code name.txt} and {@code name.json}. */
    void keep(String name, String table, Map<String, Object> tree) throws IOException {
        Files.writeString(directory.resolve(name + ".txt"), table + "\n");
        Files.writeString(
                directory.resolve(name + ".json"),
                JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(tree));
        out.println();
        out.println(table);
        out.println("see " + directory.resolve(name + ".json"));
        out.flush();
    }
}
