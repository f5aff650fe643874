package io.beringia.scenarios.attack;

import io.beringia.scenarios.attack.Attack.Inquiry;
import io.beringia.scenarios.attack.Attack.Siege;
import io.beringia.scenarios.bench.Machine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What the pack has found, as a table for people and as a tree for JSON. Pure. */
public record AttackReport(Machine machine, List<Row> rows) {
    private static final String ROW = "  %-4s %-42s %9s %9s %9s %16s %8s %6s  %s";

    public AttackReport {
        rows = List.copyOf(rows);
    }

    /** One attack. */
    record Row(String id, String name, Optional<Measured> measured, List<Ruling> rulings) {
        Row {
            rulings = List.copyOf(rulings);
        }

        static Row of(Siege siege, Measured measured, List<Ruling> rulings) {
            return new Row(siege.id(), siege.name(), Optional.of(measured), rulings);
        }

        static Row of(Inquiry inquiry, List<Ruling> rulings) {
            return new Row(inquiry.id(), inquiry.name(), Optional.empty(), rulings);
        }
    }

    public boolean isAnyBroken() {
        return rows.stream().flatMap(row -> row.rulings().stream()).anyMatch(Ruling::isBroken);
    }

    public String table() {
        List<String> lines = new ArrayList<>();
        lines.add(machine.words());
        lines.add(
                "cpu: % of one core, for each attacking connection; heap: KiB held by each; direct: the same"
                        + " outside the heap; p99: of neighbours, with by without attack (in brackets: one quiet round by another)");
        lines.add("");
        lines.add(ROW.formatted("", "attack", "cpu %", "heap", "direct", "p99", "close s", "back s", "verdict")
                .stripTrailing());
        for (Row row : rows) {
            lines.add(line(row));
            row.rulings().stream()
                    .filter(ruling -> ruling.verdict() != Ruling.Verdict.HELD)
                    .filter(ruling -> ruling.isBroken() || !ruling.bar().equals(Judge.P99))
                    .forEach(ruling -> lines.add("       " + word(ruling) + " " + ruling.bar() + ": " + ruling.found()
                            + " (expected: " + ruling.allowed() + ")"));
        }
        return String.join("\n", lines);
    }

    private static String line(Row row) {
        Optional<Measured> measured = row.measured();
        return ROW.formatted(
                        row.id(),
                        row.name(),
                        measured.map(it -> number(Judge.sharePercent(it))).orElse("-"),
                        measured.map(it -> kib(it.heapBytes())).orElse("-"),
                        measured.map(it -> kib(OptionalDouble.of(it.directBytes())))
                                .orElse("-"),
                        measured.map(it -> "x" + number(Judge.p99Ratio(it)) + " [x" + number(Judge.p99Noise(it)) + "]")
                                .orElse("-"),
                        measured.map(AttackReport::close).orElse("-"),
                        measured.map(it -> it.recoverySeconds().isPresent()
                                        ? number(it.recoverySeconds().getAsDouble())
                                        : "never")
                                .orElse("-"),
                        verdict(row))
                .stripTrailing();
    }

    private static String close(Measured measured) {
        return measured.tolerated().stream()
                        .max(Double::compare)
                        .map(AttackReport::number)
                        .orElse("-")
                + (measured.left() > 0 ? "!" : "");
    }

    /** Broken bars make it broken, and bars that could not be judged are named. */
    static String verdict(Row row) {
        List<String> open = bars(row, Ruling.Verdict.INCONCLUSIVE);
        List<String> broken = bars(row, Ruling.Verdict.BROKEN);
        if (!broken.isEmpty()) {
            return "BROKEN: " + String.join(", ", broken);
        }
        return open.isEmpty() ? "HELD" : "INCONCLUSIVE: " + String.join(", ", open);
    }

    private static List<String> bars(Row row, Ruling.Verdict verdict) {
        return row.rulings().stream()
                .filter(ruling -> ruling.verdict() == verdict)
                .map(Ruling::bar)
                .distinct()
                .toList();
    }

    private static String word(Ruling ruling) {
        return ruling.verdict().name();
    }

    private static String kib(OptionalDouble bytes) {
        return bytes.isPresent() ? number(bytes.getAsDouble() / 1_024) : "?";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%.0f" : "%.2f", value);
    }

    /** Every round and every ruling, so that others can judge. */
    public Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("machine", machine);
        tree.put("broken", isAnyBroken());
        tree.put("attacks", rows.stream().map(AttackReport::branch).toList());
        return tree;
    }

    private static Map<String, Object> branch(Row row) {
        Map<String, Object> branch = new LinkedHashMap<>();
        branch.put("id", row.id());
        branch.put("name", row.name());
        branch.put("verdict", verdict(row));
        branch.put("rulings", row.rulings());
        row.measured().ifPresent(measured -> branch.put("measured", measured));
        return branch;
    }
}
