package io.beringia.failover.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionPhase;
import io.beringia.discovery.catalog.RegionPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DampingTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration HALF_LIFE = FailoverTiming.STANDARD.penaltyHalfLife();

    @ParameterizedTest
    @CsvSource({"0, 2000", "-60, 2000", "450, 1500", "900, 1000", "1800, 500", "2250, 375", "999999999, 0"})
    void a_penalty_halves_every_fifteen_minutes(long seconds, int left) {
        assertThat(Damping.points(plan(2_000), NOW.plusSeconds(seconds), HALF_LIFE))
                .isEqualTo(left);
    }

    @Test
    void points_only_fall_with_time() {
        int before = 12_000;
        for (int second = 0; second < 20_000; second++) {
            int points = Damping.points(plan(12_000), NOW.plusSeconds(second), HALF_LIFE);
            assertThat(points).as("second %d", second).isLessThanOrEqualTo(before);
            before = points;
        }
    }

    @Test
    void echoes_of_one_cause_count_once_and_there_is_a_most() {
        assertThat(Damping.raised(plan(1_000), 1_000, NOW.plusSeconds(59), FailoverTiming.STANDARD))
                .as("an echo")
                .isLessThanOrEqualTo(1_000);
        assertThat(Damping.raised(plan(1_000), 1_000, NOW.plusSeconds(60), FailoverTiming.STANDARD))
                .isGreaterThan(1_900);
        assertThat(Damping.raised(plan(12_000), 1_000, NOW.plusSeconds(60), FailoverTiming.STANDARD))
                .isEqualTo(12_000);
    }

    @ParameterizedTest
    @CsvSource({"2000, false, false", "2001, false, true", "750, true, true", "749, true, false"})
    void it_stays_away_from_above_one_threshold_until_below_another(int points, boolean was, boolean is) {
        assertThat(Damping.isSuppressed(points, was)).isEqualTo(is);
    }

    private static RegionPlan plan(int penalty) {
        return new RegionPlan(new RegionId("us-east"), RegionPhase.EVACUATED, 0, List.of(), NOW, "test", penalty, NOW);
    }
}
