package io.beringia.trust.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code beringia trust federate}: the foreign trust domains of a role trust, from its folder. */
@Command(
        name = "federate",
        description = "Show the foreign trust domains that are recognised, try an endpoint, forget a bundle.",
        subcommands = {FederateListCommand.class, FederateFetchCommand.class, FederateResetCommand.class})
final class FederateCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getErr());
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
