package io.beringia.discovery.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code beringia peers}: the links to other clusters. */
@Command(
        name = "peers",
        description = "Show the links to other clusters, or have a cluster forgotten.",
        subcommands = {ForgetCommand.class})
public final class PeersCommand implements Callable<Integer> {
    @Mixin
    private PictureOptions options = new PictureOptions();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        return options.show(spec.commandLine().getOut(), PictureTables::peers, PictureTables::peersJson);
    }
}
