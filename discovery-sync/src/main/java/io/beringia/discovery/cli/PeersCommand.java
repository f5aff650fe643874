package io.beringia.discovery.cli;

import io.beringia.discovery.snapshot.Snapshot;
import java.io.IOException;
import java.io.PrintWriter;
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
        Snapshot picture = options.read();
        PrintWriter out = spec.commandLine().getOut();
        switch (options.output()) {
            case table -> {
                out.println(PictureTables.head(picture));
                PictureTables.peers(picture).print(out);
            }
            case json -> out.println(PictureTables.peersJson(picture).toPrettyString());
        }
        return 0;
    }
}
