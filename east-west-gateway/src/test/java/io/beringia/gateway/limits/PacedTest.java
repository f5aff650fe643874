package io.beringia.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class PacedTest {
    private static final long START = -5;
    private static final long MILLI = Duration.ofMillis(1).toNanos();
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** Ten a second, three at once. */
    private final Paced paced = new Paced(Rate.perSecond(10, 3), START);

    @Test
    void gives_its_burst_at_once_and_then_its_rate() {
        assertThat(paced.take(START)).isTrue();
        assertThat(paced.take(START)).isTrue();
        assertThat(paced.take(START)).isTrue();
        assertThat(paced.take(START)).isFalse();
        assertThat(paced.take(START + 99 * MILLI)).isFalse();
        assertThat(paced.take(START + 100 * MILLI)).isTrue();
        assertThat(paced.take(START + 100 * MILLI)).isFalse();
    }

    @Test
    void saves_no_more_than_its_burst() {
        int taken = 0;
        while (paced.take(START + 3_600 * SECOND)) {
            taken++;
        }
        assertThat(taken).isEqualTo(3);
    }

    @Test
    void turns_are_given_in_order_and_nobody_waits_longer_than_his_patience() {
        for (int i = 0; i < 3; i++) {
            assertThat(paced.reserve(START, SECOND)).isEqualTo(OptionalLong.of(0));
        }
        for (long i = 1; i <= 10; i++) {
            assertThat(paced.reserve(START, SECOND)).isEqualTo(OptionalLong.of(i * 100 * MILLI));
        }
        assertThat(paced.reserve(START, SECOND)).isEmpty();
        assertThat(paced.reserve(START + 100 * MILLI, SECOND)).isEqualTo(OptionalLong.of(SECOND));
    }

    @Test
    void refuses_a_rate_that_never_gives() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Rate(0, 1)).withMessageStartingWith("rate: ");
        assertThatIllegalArgumentException().isThrownBy(() -> new Rate(1, 0)).withMessageStartingWith("rate: ");
    }
}
