package io.beringia.scenarios.bench;

import io.beringia.trust.bench.TrustBenchMain;
import io.beringia.trust.bench.TrustBenchMain.Sample;
import java.util.List;
import java.util.Map;

/** What the bench of trust has shown, as a table for people and as a tree for JSON. Pure. */
public record TrustReport(Machine machine, List<Sample> samples) {
    public TrustReport {
        samples = List.copyOf(samples);
    }

    /** A line for each figure, with the JDK's own and how many times better ours is, and a note for each goal. */
    public String table() {
        return report().table();
    }

    /** Every round of it. */
    public Map<String, Object> tree() {
        return report().tree();
    }

    private Report report() {
        Results results = new Results();
        samples.forEach(it -> results.add(it.who(), Map.of(figure(it), it.value())));
        List<String> goals = samples.stream()
                .filter(it -> !it.goal().isEmpty())
                .map(it -> "goal of " + it.figure() + ": " + it.goal() + " " + it.unit())
                .distinct()
                .toList();
        return new Report(machine, List.of(TrustBenchMain.OURS, TrustBenchMain.JDK), goals, results);
    }

    private static Figure figure(Sample it) {
        return new Figure(it.figure(), it.unit(), it.isLessBetter() ? Figure.Better.LESS : Figure.Better.MORE);
    }
}
