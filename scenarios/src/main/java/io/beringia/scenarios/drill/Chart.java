package io.beringia.scenarios.drill;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The frame of a chart over the time of a drill, as SVG: phases as bands, marks as numbered lines. Colours are those of the
 * page. Pure.
 *
 * @param slots in which the time is cut
 * @param slotNanos how long each is
 */
record Chart(int slots, long slotNanos, List<Phase> phases, List<Map.Entry<String, Long>> marks) {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 160;
    private static final int FOOT = 20;

    /** One bar a slot, its parts stacked from below; each part 0 to 1, of the colour with its number. */
    String bars(List<List<Double>> slotParts) {
        StringBuilder bars = new StringBuilder();
        for (int slot = 0; slot < slotParts.size(); slot++) {
            double top = HEIGHT;
            for (int part = 0; part < slotParts.get(slot).size(); part++) {
                double height = HEIGHT * slotParts.get(slot).get(part);
                top -= height;
                bars.append(String.format(
                        Locale.ROOT,
                        "<rect class=\"c%d\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
                        part,
                        x(slot),
                        top,
                        x(1),
                        height));
            }
        }
        return bars.toString();
    }

    /** One point a slot, each 0 to 1. */
    String line(List<Double> parts) {
        return IntStream.range(0, parts.size())
                .mapToObj(slot -> String.format(
                        Locale.ROOT, "%.1f,%.1f", x(slot) + x(1) / 2, HEIGHT - 1 - (HEIGHT - 2) * parts.get(slot)))
                .collect(Collectors.joining(" ", "<polyline points=\"", "\"/>"));
    }

    /** With what {@link #bars} or {@link #line} made; a figure that can be reached by keyboard and is read by its caption. */
    String figure(String id, String caption, String content) {
        return "<figure tabindex=\"0\"><figcaption id=\"%1$s\">%2$s</figcaption><svg role=\"img\" aria-labelledby=\"%1$s\" viewBox=\"0 0 %3$d %4$d\">%5$s%6$s%7$s</svg></figure>"
                .formatted(id, Markup.escaped(caption), WIDTH, HEIGHT + FOOT, bands(), content, lines());
    }

    private String bands() {
        return IntStream.range(0, phases.size())
                .filter(number -> number % 2 == 1)
                .mapToObj(phases::get)
                .map(phase -> String.format(
                        Locale.ROOT,
                        "<rect class=\"band\" x=\"%.1f\" y=\"0\" width=\"%.1f\" height=\"%d\"><title>%s</title></rect>",
                        at(phase.startNanos()),
                        at(phase.endNanos()) - at(phase.startNanos()),
                        HEIGHT,
                        Markup.escaped(phase.name())))
                .collect(Collectors.joining());
    }

    private String lines() {
        return IntStream.range(0, marks.size())
                .mapToObj(number -> String.format(
                        Locale.ROOT,
                        "<line x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"0\" y2=\"%2$d\"/><text x=\"%1$.1f\" y=\"%3$d\">%4$d</text>",
                        at(TimeUnit.MILLISECONDS.toNanos(marks.get(number).getValue())),
                        HEIGHT,
                        HEIGHT + FOOT - 6,
                        number + 1))
                .collect(Collectors.joining());
    }

    private double at(long nanos) {
        return x((double) nanos / slotNanos);
    }

    private double x(double slot) {
        return WIDTH * slot / Math.max(1, slots);
    }
}
