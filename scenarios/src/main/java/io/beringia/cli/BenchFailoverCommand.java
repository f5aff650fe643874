package io.beringia.cli;

import io.beringia.failover.bench.FailoverBenchMain;
import io.beringia.scenarios.bench.ClusterIdentities;
import io.beringia.scenarios.bench.FailoverReport;
import io.beringia.scenarios.bench.Machine;
import io.beringia.scenarios.drill.Summary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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
        BenchResults results = BenchResults.in(directory, spec.commandLine().getOut());
        FailoverBenchMain.Outcome outcome = measured(results);
        FailoverReport report = new FailoverReport(
                Machine.here(), outcome, Files.isDirectory(drills) ? Summary.below(drills) : new Summary(List.of()));
        results.keep("bench-failover", report.table(), report.tree());
        return ExitCode.DONE;
    }

    /** What ZooKeeper and the ledgers wrote meanwhile is nobody's afterwards. */
    private FailoverBenchMain.Outcome measured(BenchResults results) throws IOException, InterruptedException {
        Path run = results.run("failover-");
        try {
            return FailoverBenchMain.run(new FailoverBenchMain.Plan(
                    run,
                    quick ? FailoverBenchMain.Scale.QUICK : FailoverBenchMain.Scale.FULL,
                    only,
                    ClusterIdentities.in(run.resolve("certificates")).of("bench", "failover"),
                    results::say));
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
}
