package io.beringia.scenarios.drill;

import io.beringia.scenarios.load.Answer;
import io.beringia.scenarios.load.Outcome;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A {@link Verdict} as one page without outside resources or scripts: expectations, timeline, and shares, failures and latency by half
 * seconds as SVG. Light or dark as its reader's system is; everything can be reached by keyboard. Pure.
 */
public final class VerdictPage {
    private static final long SLOT_NANOS = 500_000_000L;
    private static final double MAX_LATENCY_MS = 1_000;
    private static final double NANOS_PER_MILLI = 1e6;

    private static final String HEAD = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <meta name="color-scheme" content="light dark"><title>${title}</title><style>
            :root{--ink:#1a202c;--paper:#fff;--soft:#edf2f7;--rule:#cbd5e0;--bad:#c53030;--good:#276749;--line:#4a5568;
            --c0:#2b6cb0;--c1:#c05621;--c2:#2f855a;--c3:#6b46c1}
            @media(prefers-color-scheme:dark){:root{--ink:#e2e8f0;--paper:#171923;--soft:#2d3748;--rule:#4a5568;--bad:#fc8181;
            --good:#68d391;--line:#cbd5e0;--c0:#63b3ed;--c1:#f6ad55;--c2:#68d391;--c3:#b794f4}}
            body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:var(--ink);
            background:var(--paper)}table{border-collapse:collapse}td,th{padding:.2em .8em .2em 0;text-align:left;
            border-bottom:1px solid var(--rule)}.no{color:var(--bad);font-weight:bold}.ok{color:var(--good)}
            figure{margin:1.5rem 0;padding:.5rem}figure:focus,summary:focus,pre:focus{outline:2px solid var(--c0)}
            svg{display:block;width:100%;background:var(--soft)}.band{fill:var(--rule);opacity:.35}
            .c0{fill:var(--c0);color:var(--c0)}.c1{fill:var(--c1);color:var(--c1)}.c2{fill:var(--c2);color:var(--c2)}
            .c3{fill:var(--c3);color:var(--c3)}polyline{fill:none;stroke:var(--ink);stroke-width:2}
            line{stroke:var(--line);stroke-dasharray:4}text{fill:var(--ink);font-size:12px}pre{overflow-x:auto}
            </style></head><body><main>
            """;

    private final Verdict verdict;
    private final List<List<Outcome>> slots;
    private final List<Map.Entry<String, Long>> marks;
    private final Chart chart;

    private VerdictPage(Verdict verdict, List<List<Outcome>> slots) {
        this.verdict = verdict;
        this.slots = slots;
        this.marks = verdict.marksMs().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .toList();
        this.chart = new Chart(slots.size(), SLOT_NANOS, verdict.phases(), marks);
    }

    public static String print(Verdict verdict, Collection<Outcome> outcomes) {
        Map<Long, List<Outcome>> bySlot =
                outcomes.stream().collect(Collectors.groupingBy(outcome -> outcome.dueNanos() / SLOT_NANOS));
        long last = bySlot.keySet().stream().max(Comparator.naturalOrder()).orElse(0L);
        List<List<Outcome>> slots = IntStream.rangeClosed(0, Math.toIntExact(last))
                .mapToObj(slot -> bySlot.getOrDefault((long) slot, List.of()))
                .toList();
        return new VerdictPage(verdict, slots).page();
    }

    private String page() {
        return HEAD.replace("${title}", Markup.escaped(verdict.drill()))
                + "<h1>" + Markup.escaped(verdict.drill()) + ": " + verdict.outcome() + "</h1>"
                + verdict.aborts().stream()
                        .map(why -> "<p class=\"no\">" + Markup.escaped(why) + "</p>")
                        .collect(Collectors.joining())
                + expectations()
                + "<h2>What happened</h2>" + timeline()
                + "<h2>What callers saw</h2>" + legend()
                + chart.figure("shares", "Who served: share of answers by region", chart.bars(shares()))
                + chart.figure(
                        "failures",
                        "Failed connections: part of all, clients in a lost region included",
                        chart.line(failures()))
                + chart.figure("latency", "Latency, 99th percentile; full height is 1 s", chart.line(latencies()))
                + "<details><summary>Who served whom, by phase</summary><pre tabindex=\"0\">"
                + Markup.escaped(VerdictTable.print(verdict)) + "</pre></details>"
                + "<p>" + Markup.escaped(versions()) + "</p></main></body></html>\n";
    }

    private String expectations() {
        return verdict.expectations().stream()
                .map(one -> "<tr><td class=" + (one.pass() ? "ok>ok" : "no>NOT") + "<th scope=\"row\">"
                        + Markup.escaped(one.name()) + "<td>" + Markup.escaped(one.bound()) + "<td>"
                        + Markup.escaped(one.measured()))
                .collect(Collectors.joining(
                        "",
                        "<table><tr><th scope=\"col\">held<th scope=\"col\">expectation<th scope=\"col\">bound<th scope=\"col\">measured",
                        "</table>"));
    }

    /** Numbered as the lines of the charts. */
    private String timeline() {
        return marks.stream()
                .map(mark -> String.format(
                        Locale.ROOT, "<li>%.1f s: %s", mark.getValue() / 1e3, Markup.escaped(mark.getKey())))
                .collect(Collectors.joining("", "<ol>", "</ol>"));
    }

    private String versions() {
        return new TreeMap<>(verdict.findings().versions())
                .entrySet().stream()
                        .map(one -> one.getKey() + ": " + one.getValue())
                        .collect(Collectors.joining("; "));
    }

    private List<String> regions() {
        return List.copyOf(slots.stream()
                .flatMap(List::stream)
                .flatMap(outcome -> outcome.answer().stream())
                .map(Answer::region)
                .collect(Collectors.toCollection(TreeSet::new)));
    }

    private String legend() {
        List<String> regions = regions();
        return IntStream.range(0, regions.size())
                .mapToObj(i -> "<span class=\"c" + i + "\">&#9632;</span> " + Markup.escaped(regions.get(i)) + " ")
                .collect(Collectors.joining("", "<p>", "</p>"));
    }

    private List<List<Double>> shares() {
        List<String> regions = regions();
        return slots.stream().map(slot -> shares(slot, regions)).toList();
    }

    private static List<Double> shares(List<Outcome> slot, List<String> regions) {
        List<String> servers = slot.stream()
                .flatMap(outcome -> outcome.answer().stream())
                .map(Answer::region)
                .toList();
        return servers.isEmpty()
                ? List.of()
                : regions.stream()
                        .map(region ->
                                (double) servers.stream().filter(region::equals).count() / servers.size())
                        .toList();
    }

    private List<Double> failures() {
        return slots.stream()
                .map(slot -> slot.isEmpty()
                        ? 0.0
                        : (double) slot.stream().filter(Outcome::failed).count() / slot.size())
                .toList();
    }

    private List<Double> latencies() {
        return slots.stream()
                .map(slot -> Math.min(
                        1,
                        Flow.all(slot, List.of(everything())).stream()
                                        .mapToLong(Flow::p99Nanos)
                                        .max()
                                        .orElse(0)
                                / NANOS_PER_MILLI
                                / MAX_LATENCY_MS))
                .toList();
    }

    private static Phase everything() {
        return new Phase("", 0, Long.MAX_VALUE, Set.of());
    }
}
