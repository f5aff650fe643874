package io.beringia.scenarios.world;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.scenarios.world.Timeline.Event;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds what a block expects against what happened in it. Times count from its first fault.
 *
 * @param refusedWrites at the store, since the world began
 */
record Expectations(long faultMillis, List<Event> events, Map<RegionId, Tally> tallies, long refusedWrites) {
    Finding judge(String line) {
        String[] words = line.split(" ", 2);
        String rest = words.length > 1 ? words[1] : "";
        return switch (words[0]) {
            case "within" -> within(line, rest);
            case "after" -> after(line, rest);
            case "never" -> never(line, rest);
            case "once", "twice" -> count(line, rest, words[0].equals("once") ? 1 : 2);
            case "failed" -> bounded(line, rest, tally(rest).failures(), "");
            case "served" -> served(line, rest);
            case "took" -> bounded(line, rest, tally(rest).tookP99(), " ms");
            case "reset" -> reset(line, rest);
            case "attempts" -> bounded(line, rest, tally(rest).attemptsPercent(), " %");
            case "refused-writes" ->
                new Finding(line, String.valueOf(refusedWrites), refusedWrites >= Long.parseLong(rest));
            default -> throw new IllegalArgumentException("expectation: \"" + line + "\" (expected: a known word)");
        };
    }

    /** "2s EVENT". */
    private Finding within(String line, String rest) {
        String[] words = rest.split(" ", 2);
        Optional<Event> first = first(words[1]);
        return new Finding(
                line,
                first.map(this::offset).orElse("never"),
                first.filter(one -> one.millis() - faultMillis <= Verbs.millis(words[0]))
                        .isPresent());
    }

    private Finding after(String line, String rest) {
        String[] words = rest.split(" ", 2);
        Optional<Event> first = first(words[1]);
        return new Finding(
                line,
                first.map(this::offset).orElse("never"),
                first.filter(one -> one.millis() - faultMillis >= Verbs.millis(words[0]))
                        .isPresent());
    }

    private Finding never(String line, String event) {
        Optional<Event> first = first(event);
        return new Finding(line, first.map(this::offset).orElse("never"), first.isEmpty());
    }

    private Finding count(String line, String event, int expected) {
        long count = matching(event).size();
        return new Finding(line, count + " times", count == expected);
    }

    /** "us-west us-east 65..75": per cent of what us-west's clients were served by us-east. */
    private Finding served(String line, String rest) {
        String[] words = rest.split(" ", -1);
        String[] bounds = words[2].split("\\.\\.", -1);
        long percent = tally(rest).percent(new RegionId(words[1]));
        return new Finding(
                line, percent + " %", percent >= Long.parseLong(bounds[0]) && percent <= Long.parseLong(bounds[1]));
    }

    private Finding reset(String line, String rest) {
        Tally tally = tally(rest);
        long late = tally.lastReset() - faultMillis;
        boolean isMet = tally.resets() > 0 && late <= Verbs.millis(rest.split(" ", -1)[1]);
        return new Finding(line, tally.resets() + " tunnels, the last at " + late + " ms", isMet);
    }

    private static Finding bounded(String line, String rest, long measured, String unit) {
        String bound = rest.split(" ", -1)[1];
        long limit = Character.isDigit(bound.charAt(bound.length() - 1)) ? Long.parseLong(bound) : Verbs.millis(bound);
        return new Finding(line, measured + unit, measured <= limit);
    }

    private Tally tally(String rest) {
        return tallies.getOrDefault(new RegionId(rest.split(" ", -1)[0]), new Tally());
    }

    private Optional<Event> first(String text) {
        return matching(text).stream().findFirst();
    }

    private List<Event> matching(String text) {
        return events.stream().filter(one -> one.text().startsWith(text)).toList();
    }

    private String offset(Event event) {
        return "%.2f s".formatted((event.millis() - faultMillis) / 1_000.0);
    }
}
