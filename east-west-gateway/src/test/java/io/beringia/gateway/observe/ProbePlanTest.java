package io.beringia.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.discovery.catalog.PathRules.Standing;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.RoundTrip;
import io.beringia.gateway.observe.ProbePlan.Probe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ProbePlanTest {
    private static final Standing UP = standing(PathState.UP, 0);

    @Test
    void warm_connections_take_turns_and_cold_probes_come_between() {
        assertThat(sent(UP, 0, 5_500).subList(0, 9))
                .containsExactly(
                        "0 Warm[connection=0]",
                        "125 Warm[connection=1]",
                        "250 Warm[connection=0]",
                        "250 Cold[words=1]",
                        "375 Warm[connection=1]",
                        "500 Warm[connection=0]",
                        "625 Warm[connection=1]",
                        "750 Warm[connection=0]",
                        "875 Warm[connection=1]");
    }

    @Test
    void a_minute_has_480_warm_probes_and_twelve_cold_ones_of_which_one_is_large() {
        List<String> second = sent(UP, 60_000, 120_000);
        assertThat(second).filteredOn(line -> line.contains("Warm")).hasSize(480);
        assertThat(second).filteredOn(line -> line.contains("Cold")).hasSize(12);
        assertThat(second).filteredOn(line -> line.contains("Cold[words=1024]")).hasSize(1);
        assertThat(sent(UP, 0, 60_000))
                .filteredOn(line -> line.contains("1024"))
                .isEmpty();
    }

    @Test
    void one_large_probe_that_was_lost_is_followed_by_another_at_the_next_cold_one() {
        ProbePlan doubtful = ProbePlan.begun(0, 0).due(UP, millis(250)).after().largeNext();
        assertThat(doubtful.due(UP, millis(5_249)).probes()).noneMatch(Probe.Cold.class::isInstance);
        ProbePlan.Due next = doubtful.due(UP, millis(5_250));
        assertThat(next.probes()).contains(new Probe.Cold(Probe.Cold.LARGE));
        assertThat(next.after().due(UP, millis(10_250)).probes())
                .as("and then on as before")
                .contains(new Probe.Cold(Probe.Cold.SMALL));
    }

    @Test
    void a_suspicion_is_raced_by_three_fresh_connections() {
        assertThat(sent(standing(PathState.SUSPECT, 1_010), 1_010, 3_000))
                .filteredOn(line -> line.contains("Race"))
                .containsExactly("1010 Race[number=0]", "1210 Race[number=1]", "1410 Race[number=2]");
    }

    @Test
    void each_suspicion_has_its_own_race_and_nothing_else_has_one() {
        ProbePlan plan = ProbePlan.begun(0, 0);
        ProbePlan raced = plan.due(standing(PathState.SUSPECT, 0), millis(400)).after();
        assertThat(races(raced.due(standing(PathState.SUSPECT, 0), millis(600))))
                .isZero();
        ProbePlan cleared = raced.due(UP, millis(700)).after();
        assertThat(races(cleared.due(standing(PathState.SUSPECT, 800), millis(800))))
                .isEqualTo(1);
        for (PathState state : List.of(PathState.UP, PathState.DOWN, PathState.PROBATION)) {
            assertThat(races(plan.due(standing(state, 0), millis(1_000))))
                    .as("%s", state)
                    .isZero();
        }
    }

    @Test
    void after_a_pause_nothing_is_made_up_for() {
        ProbePlan plan = ProbePlan.begun(0, 0);
        ProbePlan.Due late = plan.due(UP, millis(3_600_010));
        assertThat(late.probes()).hasSize(3);
        assertThat(late.nextNanos()).isEqualTo(millis(3_600_125));
        assertThat(late.after().due(UP, millis(3_600_011)).probes()).isEmpty();
    }

    @Test
    void paths_are_shifted_against_each_other() {
        assertThat(ProbePlan.begun(0, millis(40)).due(UP, 0).probes()).isEmpty();
        assertThat(ProbePlan.begun(0, millis(40)).due(UP, 0).nextNanos()).isEqualTo(millis(40));
    }

    @Test
    void whatever_the_path_does_the_next_look_is_ahead_and_the_rate_is_bounded() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            long start = random.nextLong();
            long now = start;
            ProbePlan plan = ProbePlan.begun(now, 0);
            int sent = 0;
            int suspicions = 0;
            Standing standing = new Standing(PathState.UP, now, now, RoundTrip.UNMEASURED, List.of());
            while (now - start < millis(20_000)) {
                if (random.nextInt(20) == 0) {
                    PathState state = random.nextBoolean() ? PathState.SUSPECT : PathState.UP;
                    suspicions += state == PathState.SUSPECT ? 1 : 0;
                    standing = new Standing(state, now, now, RoundTrip.UNMEASURED, List.of());
                }
                ProbePlan.Due due = plan.due(standing, now);
                assertThat(due.nextNanos() - now).as("seed %d", seed).isBetween(1L, millis(125));
                sent += due.probes().size();
                plan = due.after();
                now = due.nextNanos() - (random.nextInt(3) == 0 ? 1 : 0);
            }
            assertThat(sent).as("seed %d", seed).isLessThanOrEqualTo(20 * 8 + 5 + 3 * suspicions + 3);
        }
    }

    @Test
    void there_are_always_two_warm_connections() {
        assertThatThrownBy(() -> new ProbePlan(List.of(1L), 0, 0, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    /** All that is sent from one time to another, in ms, asked exactly when the plan says so. */
    private static List<String> sent(Standing standing, long fromMillis, long toMillis) {
        ProbePlan plan = ProbePlan.begun(0, 0);
        List<String> sent = new ArrayList<>();
        long now = 0;
        while (now < millis(toMillis)) {
            Standing seen = now < standing.sinceNanos() ? UP : standing;
            ProbePlan.Due due = plan.due(seen, now);
            long atMillis = Duration.ofNanos(now).toMillis();
            if (atMillis >= fromMillis) {
                due.probes().forEach(probe -> sent.add(atMillis + " " + probe));
            }
            plan = due.after();
            boolean turns = now < standing.sinceNanos() && standing.sinceNanos() < due.nextNanos();
            now = turns ? standing.sinceNanos() : due.nextNanos();
        }
        return sent;
    }

    private static long races(ProbePlan.Due due) {
        return due.probes().stream().filter(Probe.Race.class::isInstance).count();
    }

    private static Standing standing(PathState state, long sinceMillis) {
        return new Standing(state, millis(sinceMillis), 0, RoundTrip.UNMEASURED, List.of());
    }

    private static long millis(long count) {
        return Duration.ofMillis(count).toNanos();
    }
}
