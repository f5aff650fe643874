package io.beringia.trust.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code beringia trust rotate}: from one root of a trust domain to the next. */
@Command(
        name = "rotate",
        description = "Replace the root of a trust domain, and see what that waits for. No order opens a gate.",
        footer = "Exit codes: 0 done, 1 refused or failed, 2 asked wrongly, 3 a gate is closed.",
        subcommands = {
            RotateStatusCommand.class,
            RotateOrderCommand.Start.class,
            RotateOrderCommand.Advance.class,
            RotateOrderCommand.Rollback.class,
            RotateOrderCommand.Abort.class,
            RotateOrderCommand.Waive.class,
            RotateOrderCommand.KeyDestroyed.class,
            RotateEmergencyCommand.class,
            RotateOrderCommand.Lead.class
        })
final class RotateCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getErr());
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
