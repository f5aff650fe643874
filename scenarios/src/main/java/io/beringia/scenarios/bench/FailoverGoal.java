package io.beringia.scenarios.bench;

import io.beringia.failover.bench.FailoverBenchMain.Figure;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * Something that failover promises, and where it is measured. Pure.
 *
 * @param measure what
 * @param goal for people
 */
record FailoverGoal(String measure, String goal, Source source) {
    static final String UNMEASURED = "not measured here: ";

    private static final String ALL = "";
    private static final double MEDIAN = 0.5;
    private static final double TAIL = 0.99;

    /** Drills that turn off what nobody's traffic needs. */
    private static final String BENIGN = "control-frozen, leader-paused, observer-isolated, zookeeper-down";

    static final List<FailoverGoal> LIST = List.of(
            new FailoverGoal(
                    "detect a kill (path DOWN)", "p99 <= 300 ms", new Times("returns-stale", field("detectionMs"))),
            new FailoverGoal(
                    "detect a black hole (path DOWN)",
                    "p50 1600 ms, p99 <= 2000 ms",
                    new Times("black-hole", field("detectionMs"))),
            new FailoverGoal(
                    "evacuation committed (quorum, fenced)",
                    "p99 <= 3700 ms",
                    new Times("black-hole", FailoverGoal::committed)),
            new FailoverGoal(
                    "detect a frozen process (path DOWN)",
                    "p99 <= 2000 ms",
                    new Times("us-east-lost", field("detectionMs"))),
            new FailoverGoal(
                    "detect gray 30 % / 10 % at 50 outcomes/s",
                    "<= 1 s / <= 3 s", new Elsewhere("no drill has an application that errs")),
            new FailoverGoal(
                    "applied by all proxies (a drill has a few)",
                    "p99 <= 500 ms of 1,000",
                    new Times("black-hole, us-east-lost", field("pushedP99Ms"))),
            new FailoverGoal(
                    "fault to last failed, weights only",
                    "p99 <= 2500 ms",
                    new Elsewhere("every drill goes by the relay")),
            new FailoverGoal(
                    "new connections failed, by the relay",
                    "0",
                    new Sum("black-hole, us-east-lost", field("newConn", "failed"))),
            new FailoverGoal(
                    "  time added to them",
                    "p99 <= 350 ms + 1 RTT",
                    new Times("black-hole, us-east-lost", field("newConn", "addedP99Ms"))),
            new FailoverGoal(
                    "in flight on a dead path: time to reset",
                    "p99 <= 2500 ms",
                    new Times("black-hole, half-open", field("inflight", "resetLatencyP99Ms"))),
            new FailoverGoal(
                    "  of them hung for more than 5 s",
                    "0",
                    new Sum("black-hole, half-open", field("inflight", "hung"))),
            new FailoverGoal(
                    "planned: new connections failed", "0", new Sum("gateway-rolled", field("newConn", "failed"))),
            new FailoverGoal("identity mismatches", "0", new Sum(ALL, field("identity", "mismatch"))),
            new FailoverGoal("requests served twice", "0", new Sum(ALL, field("requests", "duplicated"))),
            new FailoverGoal(
                    "false evacuations in 24 h of loss and bursts", "0", new Elsewhere("it takes 24 h of a machine")),
            new FailoverGoal(
                    "path DOWN without 1.2 s of >= 80 % loss",
                    "<= 1 %", new Elsewhere("it takes hours of emulated bursts")),
            new FailoverGoal("benign faults x 1,000: wrong moves", "0", new Sum(BENIGN, field("falsePositives"))),
            new FailoverGoal("leader killed to next decision", "<= 5500 ms", new Measured("next leader after kill -9")),
            new FailoverGoal("clean handover", "<= 300 ms", new Measured("handover of a leader that closes")),
            new FailoverGoal("stale-epoch writes accepted", "0 of 10,000", new Measured("stale writes accepted")),
            new FailoverGoal(
                    "whole control plane off for 1 h: errors",
                    "0",
                    new Elsewhere("it takes an hour; control-frozen and zookeeper-down take 20 s")),
            new FailoverGoal(
                    "failback: new connections failed",
                    "<= 0.01 % above baseline",
                    new Sum("black-hole, returns-stale, us-east-lost", field("failback", "errors"))),
            new FailoverGoal("replay of the records", "all", new Measured("replays with the same bytes")));

    /** Where a goal is measured. */
    sealed interface Source {}

    /** By this bench, in figures that begin so. */
    record Measured(String figure) implements Source {}

    /** Milliseconds, one of each drill of these names (with commas). */
    record Times(String drills, Function<JsonNode, OptionalLong> reading) implements Source {}

    /** A number that adds up over drills of these names; of all if empty. */
    record Sum(String drills, Function<JsonNode, OptionalLong> reading) implements Source {}

    /** Neither. */
    record Elsewhere(String why) implements Source {}

    /**
     * What was measured, for people; how often stands beside it, or why it was not.
     *
     * @param verdicts of drills that came to their end
     */
    String measured(List<Figure> figures, List<JsonNode> verdicts) {
        return switch (source) {
            case Measured(String figure) -> figures(figure, figures);
            case Times(String drills, Function<JsonNode, OptionalLong> reading) ->
                times(drills, readings(drills, reading, verdicts));
            case Sum(String drills, Function<JsonNode, OptionalLong> reading) ->
                sum(drills, readings(drills, reading, verdicts));
            case Elsewhere(String why) -> UNMEASURED + why;
        };
    }

    private static String figures(String name, List<Figure> figures) {
        List<String> found = figures.stream()
                .filter(figure -> figure.name().startsWith(name))
                .map(figure -> (figure.name().substring(name.length()) + " " + number(figure) + " " + figure.unit())
                        .replaceFirst("^, (of \\d+) (\\d+)", "$2 $1")
                        .replaceFirst("^, ", "")
                        .strip())
                .toList();
        return found.isEmpty() ? UNMEASURED + "--only left it out, or it failed" : String.join(", ", found);
    }

    private static String number(Figure figure) {
        return String.format(Locale.ROOT, "%.0f", figure.value());
    }

    private static List<Long> readings(
            String drills, Function<JsonNode, OptionalLong> reading, List<JsonNode> verdicts) {
        return verdicts.stream()
                .filter(verdict -> drills.equals(ALL)
                        || List.of(drills.split(", "))
                                .contains(verdict.path("drill").asString("")))
                .map(reading)
                .flatMapToLong(OptionalLong::stream)
                .boxed()
                .toList();
    }

    private static String times(String drills, List<Long> values) {
        return values.isEmpty()
                ? unplayed(drills)
                : "p50 %d ms, p99 %d ms (of %d)"
                        .formatted(quantile(values, MEDIAN), quantile(values, TAIL), values.size());
    }

    private static String sum(String drills, List<Long> values) {
        return values.isEmpty()
                ? unplayed(drills)
                : "%d in %d drills"
                        .formatted(values.stream().mapToLong(Long::longValue).sum(), values.size());
    }

    private static String unplayed(String drills) {
        return UNMEASURED + "as root, make drills" + (drills.equals(ALL) ? "" : " of " + drills);
    }

    private static long quantile(List<Long> values, double part) {
        List<Long> sorted = values.stream().sorted().toList();
        return sorted.get((int) Math.ceil(part * sorted.size()) - 1);
    }

    private static Function<JsonNode, OptionalLong> field(String... path) {
        return verdict -> {
            JsonNode at = verdict;
            for (String name : path) {
                at = at.path(name);
            }
            return at.isNumber() ? OptionalLong.of(at.asLong()) : OptionalLong.empty();
        };
    }

    private static OptionalLong committed(JsonNode verdict) {
        return verdict.has("committedAt") && verdict.has("faultAt")
                ? OptionalLong.of(verdict.path("committedAt").asLong()
                        - verdict.path("faultAt").asLong())
                : OptionalLong.empty();
    }
}
