package io.beringia.discovery.cli;

import io.beringia.discovery.snapshot.Snapshot;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code beringia snapshot show}: what a discovery would serve if it started from this file. */
@Command(
        name = "show",
        description = "Show the clusters and services of a kept snapshot; one that is not to be believed is not shown.")
final class SnapshotShowCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE")
    private Path file = Path.of("");

    @Mixin
    private FileOptions options = new FileOptions();

    @Option(names = "--output", defaultValue = "table", description = "table or json (default: ${DEFAULT-VALUE}).")
    private Output output = Output.table;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Snapshot picture = options.read(file);
        PrintWriter out = spec.commandLine().getOut();
        switch (output) {
            case table -> {
                out.println(PictureTables.head(picture));
                PictureTables.clusters(picture).print(out);
                out.println();
                PictureTables.services(picture, false).print(out);
            }
            case json -> out.println(json(picture).toPrettyString());
        }
        return 0;
    }

    private static ObjectNode json(Snapshot picture) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("cluster", picture.cluster().name())
                .put("taken-at", picture.takenAt().toString())
                .put("revision", picture.view().revision())
                .put("plan", picture.view().planVersion().toString());
        json.set("clusters", PictureTables.clustersJson(picture));
        json.set("services", PictureTables.servicesJson(picture, false));
        return json;
    }
}
