package io.beringia.discovery.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RemovalPauseTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LATER = T0.plus(RemovalPause.PAUSE);

    private final RemovalPause pause = new RemovalPause(name -> name.startsWith("service/"));

    @ParameterizedTest(name = "{0} taken back of {1}: {2} go at once")
    @CsvSource({"1, 1, 1", "5, 5, 5", "6, 6, 0", "6, 11, 0", "6, 12, 6", "50, 100, 50", "51, 100, 0"})
    void few_or_up_to_half_go_at_once_and_more_wait(int taken, int held, int admitted) {
        assertThat(pause.admitted(services(0, taken), held, T0)).hasSize(admitted);
        assertThat(pause.names()).hasSize(taken - admitted);
        assertThat(pause.due(LATER.minusMillis(1))).isEmpty();
        assertThat(pause.due(LATER)).hasSize(taken - admitted);
        assertThat(pause.names()).isEmpty();
    }

    @Test
    void what_is_taken_back_one_by_one_within_ten_seconds_belongs_together() {
        for (int i = 0; i < 10; i++) {
            assertThat(pause.admitted(services(i, i + 1), 20 - i, T0.plusSeconds(i)))
                    .as("number " + i)
                    .hasSize(1);
        }
        assertThat(pause.admitted(services(10, 11), 10, T0.plusSeconds(9))).isEmpty();
        assertThat(pause.admitted(services(11, 12), 10, T0.plusSeconds(9))).isEmpty();
    }

    @Test
    void slowly_everything_may_go() {
        for (int i = 0; i < 20; i++) {
            assertThat(pause.admitted(services(i, i + 1), 20 - i, T0.plusSeconds(i * 11L)))
                    .hasSize(1);
        }
    }

    @Test
    void what_comes_back_stays() {
        pause.admitted(services(0, 10), 10, T0);
        pause.undone(Set.copyOf(services(0, 4)));

        assertThat(pause.due(LATER)).isEqualTo(services(4, 10));
    }

    @Test
    void endpoints_and_gateways_go_at_once() {
        assertThat(pause.admitted(List.of("gateway/gw-0", "endpoints/shop/cart/a"), 1, T0))
                .hasSize(2);
    }

    private static List<String> services(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> "service/demo/%02d".formatted(i))
                .toList();
    }
}
