package io.beringia.discovery.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.PathRules.Standing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PathRulesTest {
    private static final long TICK_MILLIS = 50;

    @ParameterizedTest
    @ValueSource(strings = {"black_hole.txt", "burst.txt", "refusals.txt", "unwell_observer.txt", "return.txt"})
    void plays_the_script(String name) throws IOException {
        Path path = new Path();
        for (String block : text(name).split("\n\\s*\n", -1)) {
            List<String> lines = block.lines()
                    .map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .toList();
            int rule = lines.indexOf("----");
            if (rule >= 0) {
                lines.subList(0, rule).forEach(line -> path.obey(line.split(" ")));
                assertThat(path.told()).as(block).isEqualTo(lines.subList(rule + 1, lines.size()));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0,0,600,1500",
        "70,5,610,1500",
        "70,2,600,1500",
        "100,0,600,1500",
        "200,10,780,1800",
        "1000,50,1900,4200"
    })
    void thresholds_grow_with_the_round_trip(long srtt, long rttvar, long suspect, long down) {
        RoundTrip roundTrip = new RoundTrip(nanos(srtt), nanos(rttvar));
        assertThat(PathRules.suspectAfterNanos(roundTrip)).isEqualTo(nanos(suspect));
        assertThat(PathRules.downAfterNanos(roundTrip)).isEqualTo(nanos(down));
    }

    @Test
    void the_round_trip_is_smoothed_as_tcp_does() {
        RoundTrip first = RoundTrip.UNMEASURED.with(800);
        assertThat(first).isEqualTo(new RoundTrip(800, 400));
        assertThat(first.with(1_600)).isEqualTo(new RoundTrip(900, 500));
    }

    @Test
    void no_random_history_breaks_what_is_promised() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            long now = random.nextLong();
            Standing standing = Standing.begun(now);
            for (int i = 0; i < 500; i++) {
                now += random.nextInt((int) nanos(400));
                Observation seen = random(random, now);
                Standing next = PathRules.next(standing, seen);
                assertPromises(standing, seen, next);
                standing = next;
            }
        }
    }

    private static void assertPromises(Standing before, Observation seen, Standing after) {
        assertThat(after.refusals()).hasSizeLessThanOrEqualTo(3);
        if (seen instanceof Observation.Success) {
            assertThat(after.state()).as("a success never makes it worse").isNotIn(PathState.SUSPECT, PathState.DOWN);
            assertThat(before.state() == PathState.DOWN && after.state() == PathState.UP)
                    .as("nothing leaps over probation")
                    .isFalse();
        }
        if (seen instanceof Observation.Tick tick && tick.localHealth() >= PathRules.LOCAL_HEALTH_VOID) {
            assertThat(after.state() == PathState.DOWN && before.state() != PathState.DOWN)
                    .as("an unwell observer condemns nobody by silence")
                    .isFalse();
        }
        if (after.state() == before.state() && before.state() != PathState.PROBATION) {
            assertThat(after.sinceNanos()).isEqualTo(before.sinceNanos());
        }
    }

    private static Observation random(Random random, long now) {
        return switch (random.nextInt(6)) {
            case 0 -> new Observation.Refused(now, random.nextInt(4));
            case 1, 2 -> new Observation.Success(now, 1 + random.nextInt((int) nanos(200)));
            default -> new Observation.Tick(now, random.nextInt(9), random.nextInt(5) > 0);
        };
    }

    private static String text(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(PathRulesTest.class.getResourceAsStream("path/" + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static long nanos(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    /** One path under test: turns its clock in ticks of 50 ms and writes down every change of state. */
    private static final class Path {
        private final List<String> told = new ArrayList<>();
        private Standing standing = Standing.begun(0);
        private long nowMillis;
        private int localHealth;
        private boolean isControlProbeOk = true;

        List<String> told() {
            List<String> all = List.copyOf(told);
            told.clear();
            return all;
        }

        void obey(String... words) {
            switch (words[0]) {
                case "silent" -> during(words[2], () -> {});
                case "answers" -> answers(words[2], words.length > 3 ? Long.parseLong(words[3].replace("ms", "")) : 70);
                case "refused" -> see(new Observation.Refused(nanos(nowMillis), Long.parseLong(words[2])));
                case "health" -> localHealth = Integer.parseInt(words[1]);
                case "control" -> isControlProbeOk = words[1].equals("ok");
                default -> throw new AssertionError(words[0]);
            }
        }

        /** Every 250 ms, for that long. */
        private void answers(String howLong, long roundTripMillis) {
            during(howLong, () -> {
                if (nowMillis % 250 == 0) {
                    see(new Observation.Success(nanos(nowMillis), nanos(roundTripMillis)));
                }
            });
        }

        private void during(String howLong, Runnable each) {
            long end = nowMillis + Math.round(Double.parseDouble(howLong.replace("s", "")) * 1_000);
            while (nowMillis < end) {
                nowMillis += TICK_MILLIS;
                each.run();
                see(new Observation.Tick(nanos(nowMillis), localHealth, isControlProbeOk));
            }
        }

        private void see(Observation seen) {
            PathState before = standing.state();
            standing = PathRules.next(standing, seen);
            if (standing.state() != before) {
                told.add("%.2fs %s -> %s".formatted(nowMillis / 1_000.0, before, standing.state()));
            }
        }
    }
}
