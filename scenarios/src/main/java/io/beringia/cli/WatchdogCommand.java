package io.beringia.cli;

import io.beringia.scenarios.fault.Watchdog;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Kills what a runner left behind, see {@link Watchdog}. */
@Command(name = "watchdog", hidden = true, description = "Kill the processes named on standard input when it ends.")
final class WatchdogCommand implements Callable<Integer> {
    @Override
    public Integer call() throws IOException {
        Watchdog.guard(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
        return ExitCode.DONE;
    }
}
