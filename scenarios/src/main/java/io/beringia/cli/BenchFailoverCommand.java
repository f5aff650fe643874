package io.beringia.cli;

import io.beringia.failover.bench.FailoverBenchMain;
import io.beringia.scenarios.bench.ClusterIdentities;
import io.beringia.scenarios.bench.FailoverReport;
import io.beringia.scenarios.bench.Machine;
import io.beringia.scenarios.drill.Summary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** How soon a mesh decides, and what that costs; prints figures beside goals and never fails for one. */
@Command(
        name = "bench-failover",
        hidden = true,
        description = "Measure failover: looks, decisions, fenced writes, handovers; beside what drills have shown.")
final class BenchFailoverCommand implements Callable<Integer> {
    @Option(
            names = "--dir",
            defaultValue = "target/bench",
            description = "Where results go, and on which disk ZooKeeper writes (default: ${DEFAULT-VALUE}).")
    private Path directory;

    @Option(
            names = "--drills",
            defaultValue = "target/drills",
            description = "Where verdicts of drills stand, if any were played (default: ${DEFAULT-VALUE}).")
    private Path drills;

    @Option(names = "--quick", description = "Fewer rounds: for a look, not for a claim.")
    private boolean quick;

    @Option(
            names = "--only",
            defaultValue = "",
            paramLabel = "PART",
            description = "Only measures with this in their name (look, replay, write, decide, handover);"
                    + " several parts with commas.")
    private String only;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        long start = System.nanoTime();
        Files.createDirectories(directory);
        FailoverBenchMain.Outcome outcome = measured(step -> say(out, start, step));
        FailoverReport report = new FailoverReport(
                Machine.here(), outcome, Files.isDirectory(drills) ? Summary.below(drills) : new Summary(List.of()));
        Files.writeString(directory.resolve("bench-failover.txt"), report.table() + "\n");
        Files.writeString(
                directory.resolve("bench-failover.json"),
                JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(report.tree()));
        out.println();
        out.println(report.table());
        out.println("see " + directory.resolve("bench-failover.json"));
        out.flush();
        return ExitCode.DONE;
    }

    /** What ZooKeeper and the ledgers wrote meanwhile is nobody's afterwards. */
    private FailoverBenchMain.Outcome measured(Consumer<String> progress) throws IOException, InterruptedException {
        Path run = Files.createTempDirectory(directory.toAbsolutePath(), "failover-");
        try {
            return FailoverBenchMain.run(new FailoverBenchMain.Plan(
                    run,
                    quick ? FailoverBenchMain.Scale.QUICK : FailoverBenchMain.Scale.FULL,
                    only,
                    ClusterIdentities.in(run.resolve("certificates")).of("bench", "failover"),
                    progress));
        } finally {
            delete(run);
        }
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        }
    }

    private static void say(PrintWriter out, long start, String step) {
        out.printf("%4d s  %s%n", Duration.ofNanos(System.nanoTime() - start).toSeconds(), step);
        out.flush();
    }
}
