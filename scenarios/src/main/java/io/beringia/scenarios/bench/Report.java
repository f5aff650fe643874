package io.beringia.scenarios.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a run has shown, as a table for people and as a tree for JSON. Pure. */
record Report(Machine machine, List<String> peers, List<String> notes, Results results) {
    private static final String ROW = "  %-34s %-9s %12s";

    Report {
        peers = List.copyOf(peers);
        notes = List.copyOf(notes);
    }

    /** A line for each figure: ours, and for each other its own value and how many times better ours is. */
    String table() {
        List<String> lines = new ArrayList<>();
        lines.add(machine.words());
        lines.add("median of all rounds; in brackets how many times better " + ours()
                + " is in the same round: median, least and most; below 1 it is worse");
        lines.add("");
        StringBuilder head = new StringBuilder(ROW.formatted("", "unit", ours()));
        others().forEach(name -> head.append("  %-28s".formatted(name)));
        lines.add(head.toString().stripTrailing());
        results.figures().forEach(figure -> lines.add(row(figure)));
        notes.forEach(note -> lines.add("  note: " + note));
        return String.join("\n", lines);
    }

    private String row(Figure figure) {
        StringBuilder row = new StringBuilder(ROW.formatted(
                figure.name(),
                figure.unit(),
                results.spread(figure, ours()).map(it -> number(it.median())).orElse("-")));
        others().forEach(name -> row.append("  %-28s".formatted(cell(figure, name))));
        return row.toString().stripTrailing();
    }

    private String cell(Figure figure, String name) {
        Optional<Results.Spread> theirs = results.spread(figure, name);
        return theirs.map(it -> number(it.median())
                        + results.advantage(figure, ours(), name)
                                .map(Report::ratio)
                                .orElse(""))
                .orElse("-");
    }

    private static String ratio(Results.Spread spread) {
        return String.format(Locale.ROOT, " [x%.2f %.2f..%.2f]", spread.median(), spread.least(), spread.most());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.3f", value);
    }

    private String ours() {
        return peers.getFirst();
    }

    private List<String> others() {
        return peers.subList(1, peers.size());
    }

    /** Every round, so that others can judge. */
    Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("machine", machine);
        tree.put("peers", peers);
        tree.put("notes", notes);
        tree.put("figures", results.figures().stream().map(this::branch).toList());
        return tree;
    }

    private Map<String, Object> branch(Figure figure) {
        Map<String, Object> rounds = new LinkedHashMap<>();
        Map<String, Object> advantages = new LinkedHashMap<>();
        peers.forEach(name -> rounds.put(name, results.of(figure, name)));
        others().forEach(name -> results.advantage(figure, ours(), name).ifPresent(it -> advantages.put(name, it)));
        return Map.of("figure", figure, "rounds", rounds, "advantage", advantages);
    }
}
