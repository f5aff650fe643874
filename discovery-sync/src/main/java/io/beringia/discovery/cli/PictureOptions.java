package io.beringia.discovery.cli;

import io.beringia.discovery.explain.ExplainClient;
import io.beringia.discovery.snapshot.Snapshot;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

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

    /** Prints one view of it, as asked; answers the exit code. */
    int show(PrintWriter out, Function<Snapshot, Table> table, Function<Snapshot, ? extends JsonNode> json)
            throws IOException {
        Snapshot picture = read();
        switch (output) {
            case table -> {
                out.println(PictureTables.head(picture));
                table.apply(picture).print(out);
            }
            case json -> out.println(json.apply(picture).toPrettyString());
        }
        return 0;
    }
}
