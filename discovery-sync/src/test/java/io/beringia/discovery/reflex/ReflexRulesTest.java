package io.beringia.discovery.reflex;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.RegionEvidence.PathReport;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.Shares;
import io.beringia.discovery.merge.LocalOverrides;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReflexRulesTest {
    private static final RegionId EAST = new RegionId("us-east");
    private static final RegionId WEST = new RegionId("us-west");
    private static final Duration TICK = Duration.ofMillis(100);

    /** Each step is STATUS*seconds; "none" is a time without any observer that may be believed. */
    @ParameterizedTest
    @CsvSource({
        "UP*5,                                  open,    10000",
        "SUSPECT*5,                             open,    10000",
        "UP*5 DOWN*0.1,                         shut,    0",
        "DOWN*1 none*60,                        shut,    0",
        "UP*1 none*60,                          open,    10000",
        "DOWN*1 SUSPECT*20,                     shut,    0",
        "DOWN*1 UP*9.9,                         clean,   0",
        "DOWN*1 PROBATION*10 UP*0.2,            ramping, 0",
        "DOWN*1 PROBATION*60,                   clean,   0",
        "DOWN*1 UP*9 DOWN*0.1 UP*9,             clean,   0",
        "DOWN*1 UP*9 none*5 UP*9,               clean,   0",
        "DOWN*1 UP*10.1 UP*15,                  ramping, 5000",
        "DOWN*1 UP*10.1 UP*15 none*60,          ramping, 5000",
        "DOWN*1 UP*10.1 UP*15 SUSPECT*60,       ramping, 5000",
        "DOWN*1 UP*10.1 UP*15 DOWN*0.1,         shut,    0",
        "DOWN*1 UP*10.1 UP*15 PROBATION*0.1,    clean,   0",
        "DOWN*1 UP*10.1 UP*30.1,                open,    10000",
        "PROBATION*1,                           clean,   0",
    })
    void the_way_to_a_region_follows_the_best_observer(String steps, String word, int grade) {
        ReflexRules.Paths paths = ReflexRules.Paths.NONE;
        for (String step : steps.split(" ", -1)) {
            String[] parts = step.split("\\*", -1);
            long ticks = Math.round(Double.parseDouble(parts[1]) * 10);
            for (long tick = 0; tick < ticks; tick++) {
                paths = ReflexRules.next(
                        paths,
                        parts[0].equals("none") ? evidence() : evidence(report("gw-0", PathState.valueOf(parts[0]))),
                        TICK);
            }
        }

        assertThat(paths.byRegion())
                .hasEntrySatisfying(WEST, path -> assertThat(path.word()).isEqualTo(word));
        assertThat(paths.overrides().grade(WEST)).isEqualTo(grade);
    }

    @Test
    void the_best_of_many_counts_and_only_of_those_who_may_be_believed() {
        ObserverReport up = report("gw-1", PathState.UP);
        ObserverReport down = report("gw-2", PathState.DOWN);

        assertThat(grade(down, up)).as("one gets through").isEqualTo(Shares.WHOLE);
        assertThat(grade(down, new ObserverReport("gw-1", Duration.ofSeconds(2), 0, true, up.paths())))
                .as("the other is old")
                .isZero();
        assertThat(grade(down, new ObserverReport("gw-1", Duration.ZERO, 3, true, up.paths())))
                .as("the other is unwell")
                .isZero();
        assertThat(grade(down, new ObserverReport("gw-1", Duration.ZERO, 0, false, up.paths())))
                .as("the other is cut off")
                .isZero();
        assertThat(grade(new ObserverReport("gw-2", Duration.ZERO, 0, false, down.paths())))
                .as("nobody may be believed: nothing moves")
                .isEqualTo(Shares.WHOLE);
    }

    @Test
    void a_gateway_of_ours_is_shut_when_no_sibling_reaches_it() {
        ObserverReport sees = siblings("gw-1", PathState.DOWN);
        ObserverReport another = siblings("gw-2", PathState.UP);

        assertThat(shut(sees)).containsExactly("gw-0");
        assertThat(shut(sees, another)).as("another one reaches it").isEmpty();
        assertThat(shut(new ObserverReport("gw-1", Duration.ofSeconds(2), 0, true, sees.paths(), sees.siblings())))
                .as("said too long ago")
                .isEmpty();
        assertThat(shut(new ObserverReport("gw-1", Duration.ZERO, 3, true, sees.paths(), sees.siblings())))
                .as("said by one that is unwell")
                .isEmpty();
        assertThat(shut(new ObserverReport("gw-1", Duration.ZERO, 0, false, sees.paths(), sees.siblings())))
                .as("while all other regions are away")
                .containsExactly("gw-0");
    }

    private static ObserverReport siblings(String observer, PathState state) {
        return new ObserverReport(
                observer, Duration.ZERO, 0, true, List.of(), List.of(new RegionEvidence.SiblingReport("gw-0", state)));
    }

    private static SortedSet<String> shut(ObserverReport... reports) {
        return ReflexRules.next(ReflexRules.Paths.NONE, evidence(reports), TICK)
                .overrides()
                .shutGateways();
    }

    @Test
    void the_way_to_ourselves_is_never_shut() {
        RegionEvidence evidence = evidence(new ObserverReport(
                "gw-0", Duration.ZERO, 0, true, List.of(path(EAST, PathState.DOWN), path(WEST, PathState.UP))));

        assertThat(ReflexRules.next(ReflexRules.Paths.NONE, evidence, TICK).overrides())
                .isEqualTo(LocalOverrides.NONE);
    }

    @Test
    void a_pause_of_ours_is_not_taken_for_clean_seconds() {
        ReflexRules.Paths shut =
                ReflexRules.next(ReflexRules.Paths.NONE, evidence(report("gw-0", PathState.DOWN)), TICK);
        ReflexRules.Paths clean = ReflexRules.next(shut, evidence(report("gw-0", PathState.UP)), TICK);

        ReflexRules.Paths later = ReflexRules.next(clean, evidence(report("gw-0", PathState.UP)), Duration.ofHours(1));

        assertThat(later.byRegion())
                .hasEntrySatisfying(WEST, path -> assertThat(path.word()).isEqualTo("clean"));
    }

    @Test
    void the_order_of_observers_does_not_matter_and_grades_rise_slowly() {
        for (long seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            ReflexRules.Paths paths = ReflexRules.Paths.NONE;
            int before = Shares.WHOLE;
            for (int tick = 0; tick < 1_000; tick++) {
                List<ObserverReport> reports = new ArrayList<>();
                for (int i = 0; i < random.nextInt(4); i++) {
                    PathState state = random.nextInt(50) == 0 ? anyOf(PathState.values(), random) : PathState.UP;
                    reports.add(report("gw-" + i, state));
                }
                ReflexRules.Paths next =
                        ReflexRules.next(paths, evidence(reports.toArray(ObserverReport[]::new)), TICK);
                assertThat(ReflexRules.next(paths, evidence(reports.reversed().toArray(ObserverReport[]::new)), TICK))
                        .isEqualTo(next);
                int grade = next.overrides().grade(WEST);
                assertThat(grade - before).as("seed %s, tick %s", seed, tick).isLessThanOrEqualTo(200);
                before = grade;
                paths = next;
            }
        }
    }

    private static PathState anyOf(PathState[] all, Random random) {
        return all[random.nextInt(all.length)];
    }

    private static int grade(ObserverReport... reports) {
        return ReflexRules.next(ReflexRules.Paths.NONE, evidence(reports), TICK)
                .overrides()
                .grade(WEST);
    }

    private static RegionEvidence evidence(ObserverReport... reports) {
        return new RegionEvidence(EAST, Stream.of(reports).toList(), List.of(), List.of(), RegionEvidence.Proxies.NONE);
    }

    private static ObserverReport report(String observer, PathState state) {
        return new ObserverReport(observer, Duration.ofMillis(100), 0, true, List.of(path(WEST, state)));
    }

    private static PathReport path(RegionId region, PathState state) {
        return new PathReport(region, state, Duration.ZERO, Duration.ofMillis(70), false);
    }
}
