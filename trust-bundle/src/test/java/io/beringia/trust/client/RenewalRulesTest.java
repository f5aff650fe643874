package io.beringia.trust.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RenewalRulesTest {
    private static final Instant START = Instant.parse("2026-06-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource({"0, 0.5, PT50M", "0, 0, PT45M", "0, 1, PT55M", "10, 0.5, PT40M", "50, 0.5, PT0S", "200, 0.5, PT0S"})
    void renews_at_half_of_the_life_give_or_take_a_twentieth(int minutesGone, double dice, Duration expected) {
        Instant now = START.plus(Duration.ofMinutes(minutesGone));

        assertThat(RenewalRules.untilRenewal(START, START.plus(Duration.ofMinutes(100)), now, dice))
                .as("wait")
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"1, PT1S", "2, PT2S", "8, PT128S", "9, PT150S", "1000000, PT150S"})
    void retries_after_a_second_doubled_up_to_150(int failures, Duration expected) {
        assertThat(RenewalRules.untilRetry(failures, 0.5)).as("wait").isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"1, PT0.25S", "2, PT0.5S", "6, PT8S", "7, PT10S", "1000000, PT10S"})
    void asks_for_a_first_certificate_more_often(int failures, Duration expected) {
        assertThat(RenewalRules.untilFirstRetry(failures, 0.5)).as("wait").isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0, PT0.8S", "0.25, PT0.9S", "1, PT1.2S"})
    void spreads_retries_by_a_fifth(double dice, Duration expected) {
        assertThat(RenewalRules.untilRetry(1, dice)).as("wait").isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0, false", "66, false", "67, true", "200, true"})
    void is_late_when_less_than_a_third_of_the_life_is_left(int minutesGone, boolean expected) {
        Instant now = START.plus(Duration.ofMinutes(minutesGone));

        assertThat(RenewalRules.isLate(START, START.plus(Duration.ofMinutes(100)), now))
                .as("late")
                .isEqualTo(expected);
    }
}
