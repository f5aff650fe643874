package io.beringia.discovery.cli;

import io.beringia.discovery.explain.ExplainClient;
import io.beringia.discovery.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where a command finds what a discovery knows: from itself, or from what it kept. */
final class PictureOptions {
    @Mixin
    private ApiOptions api = new ApiOptions();

    @Mixin
    private FileOptions files = new FileOptions();

    @Option(names = "--snapshot", paramLabel = "FILE", description = "Look into this kept snapshot and ask nobody.")
    private Optional<Path> snapshot = Optional.empty();

    @Option(names = "--output", defaultValue = "table", description = "table or json (default: ${DEFAULT-VALUE}).")
    private Output output = Output.table;

    Snapshot read() throws IOException {
        if (snapshot.isPresent()) {
            return files.read(snapshot.get());
        }
        try (ExplainClient client = api.open()) {
            return client.show();
        }
    }

    Output output() {
        return output;
    }
}
