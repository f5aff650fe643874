package io.beringia.scenarios.drill.play;

import io.beringia.scenarios.demo.DemoProcesses;
import io.beringia.scenarios.demo.DemoRegion;
import io.beringia.scenarios.drill.Verdict;
import io.beringia.scenarios.drill.VerdictFiles;
import io.beringia.scenarios.fault.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Plays drills of the library, each in a {@link Testbed} of its own, where another process of ours runs it. */
public final class Drills {
    /** The load's threads and what it remembers of a few ten thousand connections. */
    private static final List<String> RUNNER = List.of("-Xmx256m");

    private Drills() {}

    /** One of the library, for a list of it. */
    public record Entry(String name, String hypothesis) {}

    public static List<Entry> library() throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (String name : DrillFile.library()) {
            entries.add(new Entry(name, DrillFile.named(name).hypothesis()));
        }
        return entries;
    }

    /** What this machine lacks for it, in a sentence; empty if nothing. */
    public static Optional<String> whyNot() {
        return Testbed.whyNot();
    }

    /**
     * One of them. Its results are in the directory when it returns, and nothing else is left. Blocks for a minute or two.
     *
     * @param directory of results; a new one
     * @return whether it succeeded
     */
    public static boolean run(String name, Path directory) throws IOException, InterruptedException {
        DrillFile.named(name);
        Path logs = Files.createDirectories(directory.resolve("logs"));
        try (Testbed testbed = Testbed.create(
                DemoRegion.SITES.stream().map(DemoRegion::site).toList(), DemoProcesses.beringia("watchdog"), logs)) {
            List<String> runner = DemoProcesses.beringia(
                    RUNNER, "drill", "play", name, "--testbed", testbed.prefix(), "--dir", directory.toString());
            Process process = new ProcessBuilder(Stream.concat(testbed.hub().stream(), runner.stream())
                            .toList())
                    .inheritIO()
                    .start();
            testbed.guard(process.toHandle());
            int exit = process.waitFor();
            if (!Files.exists(directory.resolve(VerdictFiles.JSON))) {
                Verdict verdict = Verdict.unfinished(name, "its runner ended with " + exit + " before it had judged");
                VerdictFiles.write(verdict, List.of(), directory);
            }
            return exit == 0;
        }
    }
}
