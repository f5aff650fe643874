package io.beringia.discovery.cli;

import io.beringia.discovery.explain.SnapshotCodec;
import io.beringia.discovery.snapshot.SnapshotVerdict;
import io.beringia.discovery.snapshot.SnapshotVerdict.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code beringia snapshot verify}: whether a discovery would start from these files. */
@Command(
        name = "verify",
        description = "Check whether kept snapshots are whole, of whom, and young enough to be served.",
        footer = "Exit codes: 0 all may be used, 1 one may not, 2 asked wrongly.")
final class SnapshotVerifyCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "FILE")
    private List<Path> files = List.of();

    @Mixin
    private FileOptions options = new FileOptions();

    @Option(names = "--output", defaultValue = "table", description = "table or json (default: ${DEFAULT-VALUE}).")
    private Output output = Output.table;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Table table = new Table("FILE", "VERDICT", "CLUSTER", "NUMBER", "WRITTEN AT", "SIGNER OR REASON");
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        boolean isAllRight = true;
        for (Path file : files) {
            SnapshotVerdict verdict = readable(options.verdict(file));
            isAllRight &= verdict instanceof SnapshotVerdict.Accepted;
            row(table, file, verdict);
            row(json.addObject().put("file", file.toString()), verdict);
        }
        switch (output) {
            case table -> table.print(spec.commandLine().getOut());
            case json -> spec.commandLine().getOut().println(json.toPrettyString());
        }
        return isAllRight ? 0 : 1;
    }

    /** What is signed well may still be of a version that we do not know. */
    private static SnapshotVerdict readable(SnapshotVerdict verdict) {
        try {
            if (verdict instanceof SnapshotVerdict.Accepted accepted) {
                var _ = SnapshotCodec.decode(accepted.payload());
            }
            return verdict;
        } catch (IllegalArgumentException foreign) {
            return new SnapshotVerdict.Refused(Reason.UNREADABLE, String.valueOf(foreign.getMessage()));
        }
    }

    private static void row(Table table, Path file, SnapshotVerdict verdict) {
        switch (verdict) {
            case SnapshotVerdict.Accepted it ->
                table.row(
                        file.toString(),
                        "good",
                        it.cluster().name(),
                        Long.toString(it.number()),
                        it.writtenAt().toString(),
                        it.signer().toString());
            case SnapshotVerdict.Refused it ->
                table.row(file.toString(), it.reason().word(), "", "", "", it.detail());
        }
    }

    private static void row(ObjectNode json, SnapshotVerdict verdict) {
        switch (verdict) {
            case SnapshotVerdict.Accepted it ->
                json.put("verdict", "good")
                        .put("cluster", it.cluster().name())
                        .put("number", it.number())
                        .put("written-at", it.writtenAt().toString())
                        .put("signer", it.signer().toString());
            case SnapshotVerdict.Refused it ->
                json.put("verdict", it.reason().word()).put("detail", it.detail());
        }
    }
}
