package io.beringia.scenarios.drill;

import io.beringia.scenarios.load.Answer;
import io.beringia.scenarios.load.Outcome;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A {@link Verdict} as one page without outside resources: shares, failures and latency by half seconds as SVG, decisions
 * and faults marked. Pure.
 */
public final class VerdictPage {
    private static final long SLOT_NANOS = 500_000_000L;
    private static final int WIDTH = 960;
    private static final int HEIGHT = 160;
    private static final double MAX_LATENCY_MS = 1_000;
    private static final List<String> COLOURS = List.of("#2b6cb0", "#c05621", "#2f855a", "#6b46c1");

    private final Verdict verdict;
    private final List<List<Outcome>> slots;

    private VerdictPage(Verdict verdict, List<List<Outcome>> slots) {
        this.verdict = verdict;
        this.slots = slots;
    }

    public static String print(Verdict verdict, Collection<Outcome> outcomes) {
        Map<Long, List<Outcome>> bySlot =
                outcomes.stream().collect(Collectors.groupingBy(outcome -> outcome.dueNanos() / SLOT_NANOS));
        long last = bySlot.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
        List<List<Outcome>> slots = IntStream.rangeClosed(0, Math.toIntExact(last))
                .mapToObj(slot -> bySlot.getOrDefault((long) slot, List.of()))
                .toList();
        return new VerdictPage(verdict, slots).page();
    }

    private String page() {
        return "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>" + Markup.escaped(verdict.drill())
                + "</title>"
                + "<style>body{font:15px/1.5 system-ui,sans-serif;max-width:1000px;margin:2em auto;color:#1a202c}"
                + "table{border-collapse:collapse;margin:1em 0}td,th{padding:.2em .8em;text-align:left;"
                + "border-bottom:1px solid #cbd5e0}svg{background:#f7fafc;display:block}.no{color:#c53030}</style>"
                + "<h1>" + Markup.escaped(verdict.drill()) + ": " + verdict.outcome() + "</h1>"
                + expectations()
                + "<h2>Who served (share of answers)</h2>" + legend() + chart(shares())
                + "<h2>Failed connections (part of all, clients in a lost region included)</h2>"
                + chart(line(failures(), "#c53030"))
                + "<h2>Latency p99 (full height: 1 s)</h2>" + chart(line(latencies(), "#2d3748"))
                + "<h2>Who served whom</h2><pre>" + Markup.escaped(VerdictTable.print(verdict)) + "</pre></html>\n";
    }

    private String expectations() {
        return verdict.expectations().stream()
                .map(one -> "<tr><td" + (one.pass() ? ">ok" : " class=\"no\">NOT") + "<td>" + Markup.escaped(one.name())
                        + "<td>" + Markup.escaped(one.bound()) + "<td>" + Markup.escaped(one.measured()))
                .collect(Collectors.joining("", "<table><tr><th><th>expectation<th>bound<th>measured", "</table>"));
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
                .mapToObj(i -> "<span style=\"color:" + colour(i) + "\">&#9632; " + Markup.escaped(regions.get(i))
                        + "</span> ")
                .collect(Collectors.joining());
    }

    /** One bar a slot, regions stacked. */
    private String shares() {
        List<String> regions = regions();
        StringBuilder bars = new StringBuilder();
        for (int slot = 0; slot < slots.size(); slot++) {
            Map<String, Long> served = slots.get(slot).stream()
                    .flatMap(outcome -> outcome.answer().stream())
                    .collect(Collectors.groupingBy(Answer::region, TreeMap::new, Collectors.counting()));
            double sum = served.values().stream().mapToLong(Long::longValue).sum();
            double top = HEIGHT;
            for (int i = 0; i < regions.size() && sum > 0; i++) {
                double height = HEIGHT * served.getOrDefault(regions.get(i), 0L) / sum;
                top -= height;
                bars.append(String.format(
                        Locale.ROOT,
                        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>",
                        x(slot),
                        top,
                        x(1),
                        height,
                        colour(i)));
            }
        }
        return bars.toString();
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
                                / 1e6
                                / MAX_LATENCY_MS))
                .toList();
    }

    private static Phase everything() {
        return new Phase("", 0, Long.MAX_VALUE, Set.of());
    }

    private String line(List<Double> parts, String colour) {
        return IntStream.range(0, parts.size())
                .mapToObj(slot -> String.format(
                        Locale.ROOT, "%.1f,%.1f", x(slot) + x(1) / 2, HEIGHT - 1 - (HEIGHT - 2) * parts.get(slot)))
                .collect(Collectors.joining(
                        " ", "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"" + colour + "\" points=\"", "\"/>"));
    }

    private String chart(String content) {
        return "<svg viewBox=\"0 0 " + WIDTH + " " + (HEIGHT + 20) + "\" width=\"100%\">" + content + marks()
                + "</svg>";
    }

    private String marks() {
        return verdict.marksMs().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(mark -> String.format(
                        Locale.ROOT,
                        "<line x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"0\" y2=\"%2$d\" stroke=\"#718096\" stroke-dasharray=\"4\"/>"
                                + "<text x=\"%1$.1f\" y=\"%3$d\" font-size=\"11\">%4$s</text>",
                        x(mark.getValue() * 1e6 / SLOT_NANOS),
                        HEIGHT,
                        HEIGHT + 14,
                        Markup.escaped(mark.getKey())))
                .collect(Collectors.joining());
    }

    private double x(double slot) {
        return WIDTH * slot / Math.max(1, slots.size());
    }

    private static String colour(int region) {
        return COLOURS.get(region % COLOURS.size());
    }
}
