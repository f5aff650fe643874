package io.beringia.scenarios.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** When the connections of a load are due. */
final class SocksLoadMainTest {
    private static final int PER_SECOND = 200;
    private static final Duration RAMP = Duration.ofSeconds(40);

    @Test
    void without_a_ramp_they_come_evenly_from_the_first() {
        assertThat(due(0, Duration.ZERO)).isZero();
        assertThat(due(1, Duration.ZERO)).isEqualTo(5_000_000L);
        assertThat(due(200, Duration.ZERO)).isEqualTo(1_000_000_000L);
    }

    @Test
    void within_a_ramp_half_as_many_come_and_then_all() {
        assertThat(begunIn(0, 1)).isBetween(2L, 4L);
        assertThat(begunIn(0, 40)).isEqualTo(4_000L);
        assertThat(begunIn(40, 41)).isEqualTo(200L);
        assertThat(begunIn(59, 60)).isEqualTo(200L);
    }

    @Test
    void none_is_due_before_the_one_before_it() {
        assertThat(LongStream.range(0, 10_000).map(call -> due(call, RAMP)).toArray())
                .isSorted();
    }

    private static long begunIn(int fromSecond, int toSecond) {
        return LongStream.range(0, 20_000)
                .map(call -> due(call, RAMP))
                .filter(due -> due >= fromSecond * 1_000_000_000L && due < toSecond * 1_000_000_000L)
                .count();
    }

    private static long due(long call, Duration ramp) {
        return SocksLoadMain.dueNanos(call, PER_SECOND, ramp);
    }
}
