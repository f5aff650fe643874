package io.beringia.trust.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    @CsvSource({"0, PT0.25S", "1, PT0.25S", "39, PT0.25S", "40, PT1S", "41, PT2S", "48, PT150S", "1000000, PT150S"})
    void roots_are_followed_anew_at_once_and_later_patiently(int failures, Duration expected) {
        assertThat(RenewalRules.untilNextStream(failures, 0.5)).as("wait").isEqualTo(expected);
    }

    /** A CA that is away from the half of a life of ten minutes until twenty seconds before its end. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void a_certificate_is_not_slept_past_and_is_renewed_soon_after_the_server_is_back(long seed) {
        Random random = new Random(seed);
        Duration life = Duration.ofMinutes(10);
        Duration back = life.minusSeconds(20);
        List<Duration> attempts = new ArrayList<>(List.of(life.dividedBy(2)));
        while (attempts.getLast().compareTo(back) < 0) {
            Duration now = attempts.getLast();
            attempts.add(now.plus(RenewalRules.untilRetry(attempts.size(), life.minus(now), random.nextDouble())));
        }

        assertThat(attempts.getLast()).as("renewed").isLessThanOrEqualTo(back.plusSeconds(5));
        assertThat(attempts)
                .filteredOn(at -> at.compareTo(life.minusMinutes(1)) >= 0)
                .as("in the last minute")
                .hasSizeGreaterThanOrEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "9, PT24H, PT150S",
        "9, PT100S, PT20S",
        "9, PT1S, PT1S",
        "9, PT0S, PT10S",
        "9, PT-1H, PT10S",
        "1, PT0S, PT1S"
    })
    void waits_a_fifth_of_what_is_left_at_most(int failures, Duration left, Duration expected) {
        assertThat(RenewalRules.untilRetry(failures, left, 0.5)).as("wait").isEqualTo(expected);
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
