package io.beringia.cli;

import io.beringia.scenarios.bench.Machine;
import io.beringia.scenarios.bench.TrustReport;
import io.beringia.trust.bench.TrustBenchMain;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

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
        PrintWriter out = spec.commandLine().getOut();
        Files.createDirectories(directory);
        TrustReport report = new TrustReport(
                Machine.here(),
                TrustBenchMain.run(new TrustBenchMain.Plan(
                        Files.createTempDirectory(directory.toAbsolutePath(), "trust-"),
                        quick ? TrustBenchMain.Scale.QUICK : TrustBenchMain.Scale.FULL,
                        only,
                        step -> {
                            out.println("measures " + step);
                            out.flush();
                        })));
        Files.writeString(directory.resolve("bench-trust.txt"), report.table() + "\n");
        Files.writeString(
                directory.resolve("bench-trust.json"),
                JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(report.tree()));
        out.println(report.table());
        out.println("see " + directory.resolve("bench-trust.json"));
        out.flush();
        return ExitCode.DONE;
    }
}
