package io.beringia.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.PathRules.Standing;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.PathTrouble;
import io.beringia.discovery.catalog.RoundTrip;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SymptomsTest {
    /** Large probes that came through (.), that did not (x), and that did not while the path was suspected (s). */
    @ParameterizedTest(name = "{0} while {1}: {2}")
    @CsvSource({
        "xxx, UP, false, true",
        "xxxx, UP, true, false",
        "xxxxxxxxx, UP, true, false",
        "xxx.x, UP, false, true",
        "xxxx., UP, false, false",
        "xxxs, UP, false, true",
        "xxxxss, UP, true, false",
        "xxxx, SUSPECT, false, false",
        "xxxx, DOWN, false, false",
        "xxxx, PROBATION, false, false",
    })
    void four_in_a_row_are_no_chance_while_small_ones_pass(
            String probes, PathState state, boolean isNamed, boolean isDoubtful) {
        Symptoms seen = probes.chars().boxed().reduce(Symptoms.NONE, SymptomsTest::after, (one, other) -> other);
        assertThat(seen.troubles(standing(state, 0, 70), 0).contains(PathTrouble.MTU))
                .isEqualTo(isNamed);
        assertThat(seen.isDoubtful()).as("the next one is large, too").isEqualTo(isDoubtful);
    }

    private static Symptoms after(Symptoms seen, int probe) {
        return probe == '.' ? seen.largeThrough() : seen.largeLost(probe == 'x' ? PathState.UP : PathState.SUSPECT);
    }

    /** Times in ms: of the last answer, of the last acknowledgement without one, and now. */
    @ParameterizedTest(name = "{0}: heard at {1}, acknowledged at {2}, now {3}, round trip {4}: {5}")
    @CsvSource({
        "DOWN, 0, 1550, 1600, 70, true",
        "DOWN, 0, 1500, 1600, 70, false",
        "DOWN, 0, 200, 1600, 70, false",
        "DOWN, 0, 9000, 10900, 70, true",
        "DOWN, 0, 9000, 11000, 70, false",
        "SUSPECT, 0, 1550, 1600, 70, false",
        "PROBATION, 0, 1550, 1600, 70, false",
        "UP, 0, 1550, 1600, 70, false",
        "DOWN, 1500, 1550, 1600, 70, false",
        "DOWN, 0, 2050, 2200, 300, false",
        "DOWN, 0, 2150, 2200, 300, true",
    })
    void who_acknowledges_after_the_silence_that_condemns_a_path_is_stuck(
            PathState state, long heard, long acknowledged, long now, long roundTrip, boolean isStuck) {
        assertThat(Symptoms.NONE
                        .acknowledged(millis(acknowledged))
                        .troubles(standing(state, heard, roundTrip), millis(now)))
                .isEqualTo(isStuck ? List.of(PathTrouble.STUCK) : List.of());
    }

    /** Seconds: what a handshake at 0 showed, how much later, and whether a second one then showed an hour. */
    @ParameterizedTest
    @CsvSource({
        "UP, 60, 29, false, false",
        "UP, 60, 31, false, true",
        "UP, 60, 90, false, true",
        "UP, 60, 90, true, false",
        "UP, 252460800000, 90, false, false",
        "UP, -5, 0, false, true",
        "SUSPECT, 60, 31, false, true",
        "DOWN, 60, 90, false, false",
    })
    void a_certificate_that_ends_within_half_a_minute_is_expiring(
            PathState state, long left, long later, boolean isRenewed, boolean isExpiring) {
        Symptoms seen = Symptoms.NONE.proven(Duration.ofSeconds(left), 0);
        Symptoms now = isRenewed ? seen.proven(Duration.ofHours(1), millis(later * 1_000)) : seen;
        assertThat(now.troubles(standing(state, later * 1_000, 70), millis(later * 1_000)))
                .isEqualTo(isExpiring ? List.of(PathTrouble.EXPIRING) : List.of());
    }

    @Test
    void whatever_was_seen_a_path_that_is_up_is_not_stuck_and_one_that_is_not_has_no_mtu() {
        Random random = new Random(9);
        for (int i = 0; i < 10_000; i++) {
            Symptoms seen = Symptoms.NONE;
            for (int steps = random.nextInt(8); steps > 0; steps--) {
                seen = switch (random.nextInt(3)) {
                    case 0 -> seen.largeThrough();
                    case 1 -> seen.largeLost(PathState.UP);
                    default -> seen.acknowledged(millis(random.nextInt(4_000)));
                };
            }
            List<PathTrouble> up = seen.troubles(standing(PathState.UP, random.nextInt(4_000), 70), millis(4_000));
            List<PathTrouble> down = seen.troubles(standing(PathState.DOWN, random.nextInt(4_000), 70), millis(4_000));
            assertThat(up).doesNotContain(PathTrouble.STUCK);
            assertThat(down).doesNotContain(PathTrouble.MTU);
        }
    }

    private static Standing standing(PathState state, long heard, long roundTrip) {
        return new Standing(state, 0, millis(heard), new RoundTrip(millis(roundTrip), 0), List.of());
    }

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }
}
