package io.beringia.discovery.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class SamplesTest {
    @Test
    void a_quantile_is_a_value_that_was_taken() {
        Samples hundred = Samples.of(LongStream.rangeClosed(1, 100)
                .map(i -> (101 - i) * 1_000_000)
                .boxed()
                .toList());

        assertThat(hundred.millis(0.5)).isEqualTo(50);
        assertThat(hundred.millis(0.99)).isEqualTo(99);
        assertThat(hundred.millis(1)).isEqualTo(100);
        assertThat(Samples.of(List.of(7_000_000L)).millis(0.5)).isEqualTo(7);
        assertThatIllegalArgumentException().isThrownBy(() -> Samples.of(List.of()));
    }
}
