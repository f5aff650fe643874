package io.beringia.failover.cli;

import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.SourceShares;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.record.DecisionFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code beringia replay}: decides once more what a ledger says was decided, and compares the bytes. */
@Command(
        name = "replay",
        description = "Decide again from the records of a ledger: the same bytes must come out.",
        footer = "Exit codes: 0 all the same, 1 one is not, or there is none, 2 asked wrongly.")
public final class ReplayCommand implements Callable<Integer> {
    @Option(names = "--log", required = true, paramLabel = "DIR", description = "The ledger failover of a candidate.")
    private Path log = Path.of(".");

    @Option(
            names = "--decision",
            converter = DecisionLog.Versions.class,
            paramLabel = "EPOCH/SEQ",
            description = "Only this one.")
    private Optional<PlanVersion> decision = Optional.empty();

    @Option(names = "--output", defaultValue = "table", description = "table or json (default: ${DEFAULT-VALUE}).")
    private RegionOptions.Output output = RegionOptions.Output.table;

    @Spec
    private CommandSpec spec;

    /**
     * What became of one entry.
     *
     * @param outcome {@code same}, {@code different}, or {@code too large} where there was no room for more than the plan
     */
    private record Replayed(PlanVersion version, String reason, String outcome, List<String> rows) {}

    @Override
    public Integer call() throws IOException {
        List<Replayed> all = replayed();
        PrintWriter out = spec.commandLine().getOut();
        switch (output) {
            case json -> out.println(json(all).toPrettyString());
            case table -> all.forEach(one -> print(one, out));
        }
        long different =
                all.stream().filter(one -> one.outcome().equals("different")).count();
        if (all.isEmpty()) {
            spec.commandLine().getErr().println("replay: no decision in " + log + " (expected: one at least)");
        }
        return all.isEmpty() || different > 0 ? 1 : 0;
    }

    private List<Replayed> replayed() throws IOException {
        return new DecisionLog(log)
                .decisions(decision).stream().map(ReplayCommand::replayed).toList();
    }

    private static Replayed replayed(DecisionLog.Decided one) {
        return one.file()
                .map(file -> new Replayed(
                        one.version(), one.reason(), file.isReproduced() ? "same" : "different", rows(file)))
                .orElseGet(() -> new Replayed(one.version(), one.reason(), "too large", List.of()));
    }

    /** What the decision changed, by source. */
    private static List<String> rows(DecisionFile file) {
        TrafficPlan before = file.basis().inputs().plan();
        return file.written().defaults().stream()
                .filter(row -> !before.defaults().contains(row))
                .map(SourceShares::toString)
                .toList();
    }

    private static void print(Replayed one, PrintWriter out) {
        out.println(one.version() + "  " + one.outcome() + "  " + one.reason());
        one.rows().forEach(row -> out.println("    " + row));
    }

    private static ArrayNode json(List<Replayed> all) {
        ArrayNode json = JsonMapper.shared().createArrayNode();
        for (Replayed one : all) {
            ObjectNode node = json.addObject();
            node.put("decision", one.version().toString());
            node.put("outcome", one.outcome());
            node.put("reason", one.reason());
            one.rows().forEach(node.putArray("rows")::add);
        }
        return json;
    }
}
