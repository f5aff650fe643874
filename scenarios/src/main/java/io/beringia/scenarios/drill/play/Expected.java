package io.beringia.scenarios.drill.play;

import io.beringia.discovery.wire.YamlFields;
import io.beringia.scenarios.demo.DemoRegion;
import io.beringia.scenarios.drill.Expectation;
import io.beringia.scenarios.drill.Flow;
import io.beringia.scenarios.drill.Timeline;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** One sentence by which a drill is judged. Pure. */
sealed interface Expected {
    Expectation judge(Evidence seen);

    /** {@code failed = 0}, {@code down-after <= 2s}; what never happened fails. */
    record Bound(Measure measure, String operator, long value) implements Expected {
        private static final Pattern SENTENCE = Pattern.compile("([a-z-]+) (=|<=|>=) (\\S+)");

        @Override
        public Expectation judge(Evidence seen) {
            OptionalLong measured = measure.of(seen);
            return new Expectation(
                    measure.toString(),
                    operator + " " + text(value),
                    measured.isPresent() ? text(measured.getAsLong()) : "never",
                    measured.isPresent() && holds(measured.getAsLong()));
        }

        private boolean holds(long measured) {
            return switch (operator) {
                case "<=" -> measured <= value;
                case ">=" -> measured >= value;
                default -> measured == value;
            };
        }

        private String text(long number) {
            return measure.unit() == Measure.Unit.MILLIS ? number + " ms" : Long.toString(number);
        }

        private static long number(String text) {
            if (!text.matches("\\d{1,9}")) {
                throw new IllegalArgumentException("\"" + text + "\" (expected: a number)");
            }
            return Long.parseLong(text);
        }

        private static Expected of(Matcher it) {
            Measure measure = Measure.parse(it.group(1));
            long value = measure.unit() == Measure.Unit.MILLIS
                    ? YamlFields.duration(it.group(3)).toMillis()
                    : number(it.group(3));
            return new Bound(measure, it.group(2), value);
        }
    }

    /**
     * {@code never us-west EVACUATED}, {@code once us-east EVACUATED}: what the leader said of a region since the first
     * fault. With {@code by anyone} what observers said counts as well.
     */
    record Said(DemoRegion region, String word, boolean isWanted, boolean byAnyone) implements Expected {
        private static final Pattern SENTENCE = Pattern.compile("(never|once) (\\S+) ([A-Z]+)( by anyone)?");

        @Override
        public Expectation judge(Evidence seen) {
            long times = seen.timeline().events().stream()
                    .filter(event -> (byAnyone || event.observer().equals(Timeline.LEADER))
                            && event.subject().equals(region.region().name())
                            && event.word().equals(word)
                            && event.atNanos() >= seen.measurement().faultNanos())
                    .count();
            return new Expectation(
                    region.region() + " " + word + (byAnyone ? " by anyone" : ""),
                    isWanted ? ">= 1" : "0",
                    Long.toString(times),
                    isWanted == times > 0);
        }

        private static Expected of(Matcher it) {
            return new Said(
                    DemoRegion.named(it.group(2)), it.group(3), it.group(1).equals("once"), it.group(4) != null);
        }
    }

    /** {@code echo from us-west by us-west at the end of steady}: exactly those regions answered in its last seconds. */
    record Served(String service, DemoRegion from, Set<String> by, String chapter) implements Expected {
        private static final Pattern SENTENCE =
                Pattern.compile("(echo|echo-any) from (\\S+) by (\\S+) at the end of (.+)");

        @Override
        public Expectation judge(Evidence seen) {
            Set<String> servers = seen.lastFlows().getOrDefault(chapter, List.of()).stream()
                    .filter(flow -> flow.service().equals(service)
                            && flow.from().equals(from.region().name()))
                    .map(Flow::servedBy)
                    .flatMap(served -> served.keySet().stream())
                    .collect(Collectors.toCollection(TreeSet::new));
            return new Expectation(
                    chapter + ": " + service + " from " + from.region(),
                    String.join(",", new TreeSet<>(by)),
                    String.join(",", servers),
                    servers.equals(by));
        }

        private static Expected of(Matcher it) {
            Set<String> by = Arrays.stream(it.group(3).split(","))
                    .map(name -> DemoRegion.named(name).region().name())
                    .collect(Collectors.toSet());
            return new Served(it.group(1), DemoRegion.named(it.group(2)), by, it.group(4));
        }
    }

    /** Throws {@link IllegalArgumentException} for what is no such sentence. */
    static Expected parse(String line) {
        Matcher bound = Bound.SENTENCE.matcher(line);
        Matcher said = Said.SENTENCE.matcher(line);
        Matcher served = Served.SENTENCE.matcher(line);
        if (bound.matches()) {
            return Bound.of(bound);
        }
        if (said.matches()) {
            return Said.of(said);
        }
        if (served.matches()) {
            return Served.of(served);
        }
        throw new IllegalArgumentException(
                "\"" + line + "\" (expected: MEASURE = N, never REGION STATE, once REGION STATE, "
                        + "or SERVICE from REGION by REGIONS at the end of CHAPTER)");
    }
}
