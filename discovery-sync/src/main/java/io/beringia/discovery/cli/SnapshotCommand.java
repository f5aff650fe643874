package io.beringia.discovery.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code beringia snapshot}: what a discovery kept for a start at which nobody can be asked. */
@Command(
        name = "snapshot",
        description = "Check or show the kept snapshots of a discovery.",
        subcommands = {SnapshotVerifyCommand.class, SnapshotShowCommand.class})
public final class SnapshotCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getErr());
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
