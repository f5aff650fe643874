package io.beringia.trust.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code beringia ca}: certificates for a mesh, from files to files. */
@Command(
        name = "ca",
        description = "Make the certificates of a mesh: one root, one intermediate per cluster, workloads.",
        subcommands = {
            RootCommand.class,
            IntermediateCommand.class,
            WorkloadCommand.class,
            CrlCommand.class,
            SecretCommand.class,
            InspectCommand.class
        })
public final class CaCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getErr());
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
