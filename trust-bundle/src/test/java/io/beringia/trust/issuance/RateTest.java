package io.beringia.trust.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RateTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    private final Rates rates = new Rates(new Rate(3, 2));

    @Test
    void a_burst_is_free_and_comes_back_by_and_by() {
        assertThat(taken("a", NOW, 5)).as("at once").isEqualTo(3);
        assertThat(taken("a", NOW.plusMillis(499), 5)).as("too soon").isZero();
        assertThat(taken("a", NOW.plusMillis(1_000), 5)).as("a second later").isEqualTo(2);
        assertThat(taken("a", NOW.plusSeconds(3_600), 9))
                .as("never more than a burst")
                .isEqualTo(3);
    }

    @Test
    void one_does_not_pay_for_another() {
        assertThat(taken("a", NOW, 5)).as("one").isEqualTo(3);
        assertThat(taken("b", NOW, 5)).as("another").isEqualTo(3);
    }

    @Test
    void a_clock_that_goes_back_gives_nothing() {
        assertThat(taken("a", NOW, 5)).as("at once").isEqualTo(3);
        assertThat(taken("a", NOW.minusSeconds(60), 5)).as("a minute before").isZero();
    }

    private long taken(String key, Instant now, int tries) {
        return IntStream.range(0, tries).filter(i -> rates.take(key, now)).count();
    }
}
