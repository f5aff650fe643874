package io.beringia.discovery.peering;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DialRulesTest {
    @ParameterizedTest(name = "after {0} failures up to {1} ms")
    @CsvSource({"0, 500", "1, 1000", "2, 2000", "5, 16000", "6, 30000", "7, 30000", "1000000, 30000"})
    void a_dial_waits_anywhere_in_a_span_that_grows_to_half_a_minute(int failures, long most) {
        Random random = new Random(failures);
        List<Duration> pauses = IntStream.range(0, 1_000)
                .mapToObj(i -> DialRules.pause(failures, random))
                .toList();

        assertThat(pauses).allMatch(pause -> !pause.isNegative() && pause.toMillis() <= most);
        assertThat(pauses).anyMatch(pause -> pause.toMillis() < most / 10);
        assertThat(pauses).anyMatch(pause -> pause.toMillis() > most * 9 / 10);
    }
}
