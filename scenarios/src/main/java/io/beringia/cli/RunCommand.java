package io.beringia.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the roles of one configuration file until it is told to end: by a signal, or by the end of its input if asked. */
@Command(name = "run", description = "Run the roles of a region, as its configuration says.")
final class RunCommand implements Callable<Integer> {
    @Option(names = "--config", required = true, paramLabel = "FILE", description = "The configuration, in YAML.")
    private Path config;

    @Option(names = "--check", description = "Only read the configuration, and say whether it is right.")
    private boolean checkOnly;

    @Option(
            names = "--end-with-input",
            description = "End when standard input does, so that a runner that dies leaves nothing behind.")
    private boolean endWithInput;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        RegionConfig read = RegionConfigFile.read(config);
        PrintWriter out = spec.commandLine().getOut();
        if (checkOnly) {
            out.println(config + " is right");
            return ExitCode.DONE;
        }
        RegionRun run = new RegionRun(out, System.getenv());
        if (endWithInput) {
            Thread.ofPlatform().daemon().name("input").start(() -> followInput(run));
        }
        run.run(read);
        return ExitCode.DONE;
    }

    private static void followInput(RegionRun run) {
        try {
            while (System.in.read() >= 0) {
                // Whatever is said there means nothing; only its end does.
            }
        } catch (IOException closed) {
            // As good as its end.
        }
        run.end();
    }
}
