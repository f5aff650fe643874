package io.beringia.scenarios.drill;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A {@link Verdict} as one reads it on a terminal. Pure. */
public final class VerdictTable {
    private static final double NANOS_PER_MILLI = 1e6;

    private VerdictTable() {}

    public static String print(Verdict verdict) {
        return flows(verdict.flows()) + "\n" + expectations(verdict.expectations()) + "\n" + verdict.drill() + ": "
                + verdict.outcome() + "\n"
                + verdict.aborts().stream().map(why -> why + "\n").collect(Collectors.joining());
    }

    private static String flows(List<Flow> flows) {
        String header = row("PHASE", "SERVICE", "FROM", "SERVED BY", "FAILED", "P50 ms", "P99 ms");
        return header
                + flows.stream()
                        .map(flow -> row(
                                flow.phase(),
                                flow.service(),
                                flow.from(),
                                shares(flow.servedBy()),
                                flow.failed() + " of " + flow.total(),
                                millis(flow.p50Nanos()),
                                millis(flow.p99Nanos())))
                        .collect(Collectors.joining());
    }

    private static String row(Object... cells) {
        return String.format(Locale.ROOT, "%-26s %-9s %-8s %-30s %-14s %8s %8s%n", cells);
    }

    private static String shares(Map<String, Long> servedBy) {
        return new TreeMap<>(servedBy)
                .entrySet().stream()
                        .map(region -> region.getKey() + " " + region.getValue())
                        .collect(Collectors.joining(", "));
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.1f", nanos / NANOS_PER_MILLI);
    }

    private static String expectations(List<Expectation> expectations) {
        return expectations.stream()
                .map(one -> String.format(
                        Locale.ROOT,
                        "%-4s %-60s %-12s %s%n",
                        one.pass() ? "ok" : "NOT",
                        one.name(),
                        one.bound(),
                        one.measured()))
                .collect(Collectors.joining());
    }
}
