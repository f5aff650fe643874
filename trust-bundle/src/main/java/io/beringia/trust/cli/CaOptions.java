package io.beringia.trust.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What every {@code ca} command may be told. */
final class CaOptions {
    @Option(names = "--dir", defaultValue = ".", description = "Folder of the root (default: ${DEFAULT-VALUE}).")
    private Path dir = Path.of(".");

    @Option(names = "--profile", defaultValue = "spiffe", description = "Shape of the certificates: spiffe.")
    private ProfileName profile = ProfileName.spiffe;

    @Option(names = "--json", description = "Report in JSON.")
    private boolean json;

    /** Names as they are typed. */
    enum ProfileName {
        spiffe
    }

    CaFolder folder() {
        return new CaFolder(dir);
    }

    ProfileName profile() {
        return profile;
    }

    boolean json() {
        return json;
    }
}
