package io.beringia.trust.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code beringia audit}: questions of an auditor, answered from ledgers that verify, with the proof. */
@Command(
        name = "audit",
        description = "Answer who called a service, or what became of a connection, with the proof.",
        subcommands = {AuditWhoCalledCommand.class, AuditConnectionCommand.class})
public final class AuditCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getErr());
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
