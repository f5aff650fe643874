package io.beringia.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class MaxAgeTest {
    @Test
    void ages_lie_within_a_fifth_of_the_mean_and_differ() {
        SplittableRandom random = new SplittableRandom(7);
        List<Duration> ages =
                Stream.generate(() -> MaxAge.DEFAULT.drawn(random)).limit(1_000).toList();
        assertThat(ages).allSatisfy(age -> assertThat(age).isBetween(Duration.ofMinutes(24), Duration.ofMinutes(36)));
        assertThat(ages).anyMatch(age -> age.compareTo(Duration.ofMinutes(25)) < 0);
        assertThat(ages).anyMatch(age -> age.compareTo(Duration.ofMinutes(35)) > 0);
    }

    @Test
    void refuses_what_is_out_of_range() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MaxAge(Duration.ofMillis(999)))
                .withMessage("connections.max-age: PT0.999S (expected: 1s..24h)");
        assertThatIllegalArgumentException().isThrownBy(() -> new MaxAge(Duration.ofHours(25)));
    }
}
