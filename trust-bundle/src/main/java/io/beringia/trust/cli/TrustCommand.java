package io.beringia.trust.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code beringia trust}: whom a trust domain believes. */
@Command(
        name = "trust",
        description = "Show, exchange and replace the roots of trust domains; ask for identities.",
        subcommands = {BundleCommand.class, FederateCommand.class, RotateCommand.class, WorkloadApiCommand.class})
public final class TrustCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getErr());
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
