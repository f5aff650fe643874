package io.beringia.scenarios.bench;

import io.beringia.failover.bench.FailoverBenchMain.Figure;
import io.beringia.failover.bench.FailoverBenchMain.Outcome;
import io.beringia.scenarios.drill.Summary;
import io.beringia.scenarios.drill.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What failover promises beside what was measured of it here: by its bench, and by drills played before. Pure. */
public record FailoverReport(Machine machine, Outcome outcome, Summary drills) {
    private static final String GOAL = "  %-46s %-28s %s";

    /** A row for each goal, and one for each figure. */
    public String table() {
        List<String> lines = new ArrayList<>();
        lines.add(machine.words());
        lines.add("others may use these processors too; drills that came to their end: " + judged().size());
        lines.add("");
        lines.add(GOAL.formatted("", "goal", "measured"));
        FailoverGoal.LIST.forEach(it -> lines.add(GOAL.formatted(it.measure(), it.goal(), measured(it))));
        lines.add("");
        outcome.figures().forEach(it -> lines.add(row(it)));
        outcome.notes().forEach(note -> lines.add("  note: " + note));
        return String.join("\n", lines);
    }

    private static String row(Figure it) {
        return "  %-50s %12s %-6s %s"
                .formatted(it.name(), number(it.value()), it.unit(), it.goal())
                .stripTrailing();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }

    public Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("machine", machine);
        tree.put(
                "goals",
                FailoverGoal.LIST.stream()
                        .map(it -> Map.of("measure", it.measure().strip(), "goal", it.goal(), "measured", measured(it)))
                        .toList());
        tree.put("figures", outcome.figures());
        tree.put("notes", outcome.notes());
        tree.put("drills", judged().size());
        return tree;
    }

    private String measured(FailoverGoal goal) {
        return goal.measured(outcome.figures(), judged());
    }

    /** One that was broken off, or was nothing from the start, says nothing of the mesh. */
    private List<JsonNode> judged() {
        List<String> ended = List.of(Verdict.Outcome.SUCCEEDED.name(), Verdict.Outcome.FAILED.name());
        return drills.verdicts().stream()
                .filter(verdict -> ended.contains(verdict.path("outcome").asString("")))
                .toList();
    }
}
