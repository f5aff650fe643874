package io.beringia.trust.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code beringia trust workload}: what a workload of this machine gets. */
@Command(
        name = "workload",
        description = "Ask the SPIFFE Workload API of this machine.",
        subcommands = WorkloadFetchCommand.class)
final class WorkloadApiCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getErr());
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
