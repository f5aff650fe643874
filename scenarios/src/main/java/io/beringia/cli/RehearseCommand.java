package io.beringia.cli;

import io.beringia.scenarios.bench.Rehearsal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the launcher does with the cache is written there. */
@Command(
        name = "rehearse",
        hidden = true,
        description = "Start a gateway once, and keep what its JVM learned (the launcher adds the options).")
final class RehearseCommand implements Callable<Integer> {
    @Option(names = "--dir", required = true, description = "An empty directory for certificates and logs.")
    private Path directory;

    @Option(names = "--cache", required = true, description = "Where the cache goes.")
    private Path cache;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Rehearsal.play(directory.toAbsolutePath(), cache.toAbsolutePath());
        return ExitCode.DONE;
    }
}
