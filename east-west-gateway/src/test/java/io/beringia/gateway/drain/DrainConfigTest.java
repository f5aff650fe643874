package io.beringia.gateway.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class DrainConfigTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void defaults_are_fifteen_seconds_half_a_minute_and_ten_minutes() {
        assertThat(DrainConfig.DEFAULT)
                .isEqualTo(new DrainConfig(Duration.ofSeconds(15), Duration.ofSeconds(30), Duration.ofMinutes(10)));
    }

    @Test
    void the_longest_drain_has_all_of_it_and_the_slices() {
        assertThat(DrainConfig.DEFAULT.longest()).isEqualTo(Duration.ofSeconds(15 + 30 + 600 + 19));
    }

    @Test
    void refuses_what_is_out_of_range_and_says_which() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DrainConfig(SECOND.negated(), SECOND, SECOND))
                .withMessage("drain.accept: PT-1S (expected: 0s..10m)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DrainConfig(SECOND, Duration.ofMinutes(11), SECOND))
                .withMessage("drain.jitter: PT11M (expected: 0s..10m)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DrainConfig(SECOND, SECOND, Duration.ofHours(25)))
                .withMessage("drain.deadline: PT25H (expected: 0s..24h)");
    }
}
