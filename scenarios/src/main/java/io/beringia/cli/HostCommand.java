package io.beringia.cli;

import picocli.CommandLine.Command;

/** What concerns a machine that is no pod. */
@Command(
        name = "host",
        description = "A machine of its own in the mesh.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = HostJoinCommand.class)
final class HostCommand {}
