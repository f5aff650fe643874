package io.beringia.cli;

import io.beringia.scenarios.bench.Machine;
import io.beringia.scenarios.bench.TrustReport;
import io.beringia.trust.bench.TrustBenchMain;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What certificates and their records cost, as ratios; never fails for a figure. */
@Command(
        name = "bench-trust",
        hidden = true,
        description = "Measure trust beside the JDK's own: issuing, judging, recording.")
final class BenchTrustCommand implements Callable<Integer> {
    @Option(
            names = "--dir",
            defaultValue = "target/bench",
            description = "Where results go, and on which disk records are written (default: ${DEFAULT-VALUE}).")
    private Path directory;

    @Option(names = "--quick", description = "Fewer rounds and leaves: for a look, not for a claim.")
    private boolean quick;

    @Option(
            names = "--only",
            defaultValue = "",
            paramLabel = "PART",
            description = "Only measures with this in their name (issue, reissue, verify, ledger, strict);"
                    + " several parts with commas.")
    private String only;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        BenchResults results = BenchResults.in(directory, spec.commandLine().getOut());
        TrustReport report = new TrustReport(
                Machine.here(),
                TrustBenchMain.run(new TrustBenchMain.Plan(
                        results.run("trust-"),
                        quick ? TrustBenchMain.Scale.QUICK : TrustBenchMain.Scale.FULL,
                        only,
                        results::say)));
        results.keep("bench-trust", report.table(), report.tree());
        return ExitCode.DONE;
    }
}
