package io.beringia.scenarios.bench;

import io.beringia.discovery.bench.DiscoveryBenchMain.Figure;
import io.beringia.discovery.bench.DiscoveryBenchMain.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the bench of discovery has shown, as a table for people and as a tree for JSON. Pure. */
public record DiscoveryReport(Machine machine, Outcome outcome) {
    private static final String ROW = "  %-48s %12s %-6s %s";

    /** A line for each figure, beside what is aimed at. */
    public String table() {
        List<String> lines = new ArrayList<>();
        lines.add(machine.words());
        lines.add(
                "one process: labs' APIs, discoveries, peers and clients share these processors; times end at the client");
        lines.add("");
        lines.add(ROW.formatted("", "", "", "goal").stripTrailing());
        outcome.figures().forEach(it -> lines.add(row(it)));
        outcome.notes().forEach(note -> lines.add("  note: " + note));
        return String.join("\n", lines);
    }

    private static String row(Figure it) {
        return ROW.formatted(it.name(), number(it.value()), it.unit(), it.goal())
                .stripTrailing();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }

    public Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("machine", machine);
        tree.put("figures", outcome.figures());
        tree.put("notes", outcome.notes());
        return tree;
    }
}
