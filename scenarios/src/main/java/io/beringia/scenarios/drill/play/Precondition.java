package io.beringia.scenarios.drill.play;

import io.beringia.discovery.catalog.RegionPhase;
import io.beringia.scenarios.demo.DemoRegion;
import io.beringia.scenarios.drill.Timeline;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What must be true of a mesh before anything is done to it: of one that is not well a drill says nothing. Pure. */
sealed interface Precondition {
    /** Of every drill that says nothing else. */
    List<Precondition> USUAL = DemoRegion.ALL.stream()
            .<Precondition>flatMap(region -> Stream.of(new Stands(region, RegionPhase.ACTIVE), new Follows(region)))
            .toList();

    boolean holds(Timeline seen);

    /** {@code us-east ACTIVE}: the leader's last word. */
    record Stands(DemoRegion region, RegionPhase phase) implements Precondition {
        private static final Pattern SENTENCE = Pattern.compile("(\\S+) ([A-Z]+)");

        @Override
        public boolean holds(Timeline seen) {
            return seen.lastWord(Timeline.LEADER, region.region().name()).equals(phase.name());
        }

        @Override
        public String toString() {
            return region.region() + " " + phase;
        }
    }

    /** {@code us-east follows the plan}: all its proxies have the newest that it obeys. */
    record Follows(DemoRegion region) implements Precondition {
        private static final Pattern SENTENCE = Pattern.compile("(\\S+) follows the plan");

        @Override
        public boolean holds(Timeline seen) {
            return seen.lastWord(region.region().name(), Timeline.PLAN).endsWith(Timeline.ACKNOWLEDGED);
        }

        @Override
        public String toString() {
            return region.region() + " follows the plan";
        }
    }

    /** The inverse of how it prints. Throws {@link IllegalArgumentException} for every other line. */
    static Precondition parse(String line) {
        Matcher follows = Follows.SENTENCE.matcher(line);
        if (follows.matches()) {
            return new Follows(DemoRegion.named(follows.group(1)));
        }
        Matcher stands = Stands.SENTENCE.matcher(line);
        if (stands.matches()
                && Stream.of(RegionPhase.values())
                        .anyMatch(phase -> phase.name().equals(stands.group(2)))) {
            return new Stands(DemoRegion.named(stands.group(1)), RegionPhase.valueOf(stands.group(2)));
        }
        throw new IllegalArgumentException("\"" + line + "\" (expected: REGION STATE, or REGION follows the plan)");
    }
}
