package io.beringia.cli;

import io.beringia.discovery.bench.DiscoveryBenchMain;
import io.beringia.scenarios.bench.ClusterIdentities;
import io.beringia.scenarios.bench.DiscoveryReport;
import io.beringia.scenarios.bench.Machine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Discovery at sizes that tests do not have; prints figures beside goals and never fails for one. */
@Command(
        name = "bench-discovery",
        hidden = true,
        description = "Measure discovery: how late changes are, and what large meshes cost.")
final class BenchDiscoveryCommand implements Callable<Integer> {
    @Option(
            names = "--dir",
            defaultValue = "target/bench",
            description = "Where results go (default: ${DEFAULT-VALUE}).")
    private Path directory;

    @Option(names = "--quick", description = "A smaller mesh and fewer rounds: for a look, not for a claim.")
    private boolean quick;

    @Option(
            names = "--only",
            defaultValue = "",
            paramLabel = "PART",
            description = "Only measures with this in their name (merge, heap, reconnect, change, mesh, clients);"
                    + " several parts with commas.")
    private String only;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        BenchResults results = BenchResults.in(directory, spec.commandLine().getOut());
        Path run = results.run("discovery-");
        DiscoveryReport report = new DiscoveryReport(
                Machine.here(),
                DiscoveryBenchMain.run(new DiscoveryBenchMain.Plan(
                        run,
                        quick ? DiscoveryBenchMain.Scale.QUICK : DiscoveryBenchMain.Scale.FULL,
                        only,
                        ClusterIdentities.in(run.resolve("certificates"))::of,
                        results::say)));
        results.keep("bench-discovery", report.table(), report.tree());
        return ExitCode.DONE;
    }
}
