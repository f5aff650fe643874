package io.beringia.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says which program this is and what it runs on. */
@Command(name = "version", description = "Print the version of Beringia and of its Java.")
final class VersionCommand implements Runnable, IVersionProvider {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().getOut().println(line());
    }

    @Override
    public String[] getVersion() {
        return new String[] {line()};
    }

    private static String line() {
        String version = Optional.ofNullable(Beringia.class.getPackage().getImplementationVersion())
                .orElse("unpackaged");
        return "beringia " + version + ", java " + Runtime.version() + ", " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch");
    }
}
