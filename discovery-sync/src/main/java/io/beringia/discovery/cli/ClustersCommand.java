package io.beringia.discovery.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code beringia clusters}: how far each cluster of the federation may be believed, and why not further. */
@Command(
        name = "clusters",
        description = "Show every cluster: its API, the link to it, the data path, its gateways, and what is wrong.")
public final class ClustersCommand implements Callable<Integer> {
    @Mixin
    private PictureOptions options = new PictureOptions();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        return options.show(spec.commandLine().getOut(), PictureTables::clusters, PictureTables::clustersJson);
    }
}
