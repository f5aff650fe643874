package io.beringia.failover.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.OutcomeCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PaceTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration SLO = Duration.ofMillis(200);

    /** Fifty first bytes a second at 20 ms, then so many of them at so many milliseconds, for so long. */
    @ParameterizedTest(name = "{0} of 50 take {1} ms for {2} s: {3}")
    @CsvSource({
        "50, 500, 29, false",
        "50, 500, 30, true",
        "50, 100, 60, false",
        "5, 500, 30, true",
        "2, 500, 60, false",
        "50, 60, 600, false"
    })
    void is_slow_after_thirty_seconds_in_which_one_of_twenty_takes_far_longer(
            int many, int millis, int seconds, boolean isSlow) {
        Pace pace = usual();
        for (int i = 0; i <= seconds; i++) {
            pace = pace.with(mixed(50 - many, 20, many, millis), NOW.plusSeconds(100 + i), SLO);
        }
        assertThat(pace.isSlow()).isEqualTo(isSlow);
    }

    @Test
    void is_well_again_after_ten_seconds_that_are() {
        Pace pace = usual();
        for (int i = 0; i <= 30; i++) {
            pace = pace.with(mixed(0, 20, 50, 500), NOW.plusSeconds(100 + i), SLO);
        }
        assertThat(pace.isSlow()).as("slow").isTrue();
        assertThat(pace.last()).isEqualTo(512);
        assertThat(pace.usualMillis()).hasValue(32);
        for (int i = 31; i <= 50; i++) {
            pace = pace.with(mixed(50, 20, 0, 0), NOW.plusSeconds(100 + i), SLO);
        }
        assertThat(pace.isSlow()).isFalse();
    }

    @Test
    void nothing_is_slow_before_it_is_known_how_long_it_takes() {
        Pace pace = Pace.begun(NOW);
        for (int i = 0; i < 60; i++) {
            pace = pace.with(mixed(0, 0, 1, 5_000), NOW.plusSeconds(i), SLO);
        }
        assertThat(pace.isSlow()).as("ten in ten seconds say nothing").isFalse();
        assertThat(pace.usualMillis()).isEmpty();
    }

    private static Pace usual() {
        Pace pace = Pace.begun(NOW);
        for (int i = 0; i < 100; i++) {
            pace = pace.with(mixed(50, 20, 0, 0), NOW.plusSeconds(i), SLO);
        }
        return pace;
    }

    private static List<Long> mixed(long some, int millis, long others, int otherMillis) {
        List<Long> counts = new ArrayList<>(OutcomeCounts.NONE.firstBytes());
        counts.set(slot(millis), counts.get(slot(millis)) + some);
        counts.set(slot(otherMillis), counts.get(slot(otherMillis)) + others);
        return counts;
    }

    private static int slot(int millis) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(millis);
    }
}
