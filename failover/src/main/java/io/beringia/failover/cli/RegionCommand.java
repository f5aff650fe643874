package io.beringia.failover.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code beringia region}: where regions stand, and what operators want of them. */
@Command(
        name = "region",
        description = "Show the regions of a mesh, or send one away and bring it back.",
        footer = "Exit codes: 0 applied, 1 failed, 2 asked wrongly, 3 blocked by a rule, 4 no fenced leader.",
        subcommands = {
            RegionStatusCommand.class,
            RegionMoveCommand.Evacuate.class,
            RegionMoveCommand.Drain.class,
            RegionMoveCommand.Restore.class,
            RegionMoveCommand.Freeze.class
        })
public final class RegionCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getErr());
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
