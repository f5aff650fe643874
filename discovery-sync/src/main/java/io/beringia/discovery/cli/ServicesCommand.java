package io.beringia.discovery.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code beringia services}: what is exported by whom, and what clusters disagree about. */
@Command(name = "services", description = "Show the services of the federation, and in which clusters they are.")
public final class ServicesCommand implements Callable<Integer> {
    @Mixin
    private PictureOptions options = new PictureOptions();

    @Option(names = "--conflicts", description = "Only those whose clusters disagree.")
    private boolean conflicts;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        return options.show(
                spec.commandLine().getOut(),
                picture -> PictureTables.services(picture, conflicts),
                picture -> PictureTables.servicesJson(picture, conflicts));
    }
}
