package io.beringia.failover.cli;

import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.SourceShares;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.record.DecisionFile;
import io.beringia.trust.ledger.Field;
import io.beringia.trust.ledger.FolderSource;
import io.beringia.trust.ledger.LedgerEntry;
import io.beringia.trust.ledger.LedgerProver;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
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

    @Option(names = "--decision", converter = Versions.class, paramLabel = "EPOCH/SEQ", description = "Only this one.")
    private Optional<PlanVersion> decision = Optional.empty();

    @Option(names = "--output", defaultValue = "table", description = "table or json (default: ${DEFAULT-VALUE}).")
    private RegionOptions.Output output = RegionOptions.Output.table;

    @Spec
    private CommandSpec spec;

    /**
     * What became of one entry.
     *
     * @param outcome {@code same}, {@code different}, or {@code too large} where the entry holds no more than the plan
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
        return LedgerProver.of(FolderSource.of(log)).entries(this::isWanted).stream()
                .map(ReplayCommand::replayed)
                .toList();
    }

    private boolean isWanted(LedgerEntry entry) {
        Optional<PlanVersion> version = version(entry);
        return version.isPresent() && decision.map(version.get()::equals).orElse(true);
    }

    private static Optional<PlanVersion> version(LedgerEntry entry) {
        return entry.number(Field.EPOCH)
                .flatMap(epoch -> entry.number(Field.DECISION_SEQ).map(seq -> new PlanVersion(epoch, seq)));
    }

    private static Replayed replayed(LedgerEntry entry) {
        PlanVersion version = version(entry).orElseThrow();
        String reason = entry.text(Field.REASON).orElse("");
        return entry.octets(Field.PAYLOAD)
                .filter(DecisionFile::isOne)
                .map(DecisionFile::read)
                .map(file -> new Replayed(version, reason, file.isReproduced() ? "same" : "different", rows(file)))
                .orElseGet(() -> new Replayed(version, reason, "too large", List.of()));
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

    /** Reads EPOCH/SEQ. */
    static final class Versions implements ITypeConverter<PlanVersion> {
        @Override
        public PlanVersion convert(String text) {
            String[] parts = text.split("/", -1);
            if (parts.length != 2 || !text.matches("[0-9]{1,19}/[0-9]{1,19}")) {
                throw new TypeConversionException("\"" + text + "\" (expected: EPOCH/SEQ)");
            }
            return new PlanVersion(Long.parseUnsignedLong(parts[0]), Long.parseUnsignedLong(parts[1]));
        }
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
