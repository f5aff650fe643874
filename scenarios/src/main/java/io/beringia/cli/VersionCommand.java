package io.beringia.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says which program this is and what it runs on. */
@Command(name = "version", description = "Print the version of Beringia and of its Java.")
final class VersionCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        String version = Optional.ofNullable(Beringia.class.getPackage().getImplementationVersion())
                .orElse("unpackaged");
        spec.commandLine()
                .getOut()
                .println("beringia " + version + ", java " + Runtime.version() + ", " + System.getProperty("os.name")
                        + " " + System.getProperty("os.arch"));
    }
}
