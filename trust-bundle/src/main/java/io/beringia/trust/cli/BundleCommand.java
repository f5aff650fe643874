package io.beringia.trust.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code beringia trust bundle}: the roots of one trust domain as a SPIFFE bundle. */
@Command(
        name = "bundle",
        description = "Show a SPIFFE bundle, or make one of roots in PEM.",
        subcommands = {BundleShowCommand.class, BundleExportCommand.class})
final class BundleCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getErr());
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
