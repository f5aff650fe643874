package io.beringia.trust.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code beringia ledger}: what tamper-evident logs say, and whether that holds. */
@Command(
        name = "ledger",
        description = "Verify the ledgers of a mesh, and prove what stands in them.",
        subcommands = {LedgerVerifyCommand.class, LedgerProveCommand.class})
public final class LedgerCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getErr());
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
