package io.beringia.cli;

import io.beringia.scenarios.bench.Bench;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Our gateway beside other proxies; prints ratios, never a mark that must be reached. */
@Command(name = "bench", hidden = true, description = "Measure the gateway beside other proxies, in turns.")
final class BenchCommand implements Callable<Integer> {
    @Option(
            names = "--dir",
            defaultValue = "target/bench",
            description = "Where results go (default: ${DEFAULT-VALUE}).")
    private Path directory;

    @Option(names = "--quick", description = "Fewer and shorter rounds: for a look, not for a claim.")
    private boolean quick;

    @Option(
            names = "--only",
            defaultValue = "",
            paramLabel = "PART",
            description = "Only measures with this in their name; several parts with commas.")
    private String only;

    @Option(
            names = "--gateway-option",
            paramLabel = "OPTION",
            description = "One more option of the JVMs of our gateways; may be repeated.")
    private List<String> gatewayOptions = new ArrayList<>();

    @Option(
            names = "--other-option",
            paramLabel = "OPTION",
            description = "An option of the JVM of one more gateway that is measured beside; may be repeated.")
    private List<String> otherOptions = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        BenchResults results = BenchResults.in(directory, spec.commandLine().getOut());
        Path run = results.run("run-");
        Bench.Outcome outcome = Bench.run(
                new Bench.Plan(run, quick, only, System.getenv(), gatewayOptions, otherOptions, results::say));
        results.keep("bench", outcome.table(), outcome.tree());
        return ExitCode.DONE;
    }
}
