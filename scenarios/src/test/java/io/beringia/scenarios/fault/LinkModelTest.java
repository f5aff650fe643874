package io.beringia.scenarios.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LinkModelTest {
    @Test
    void what_is_left_out_is_nothing() {
        assertThat(LinkModel.parse("delay 35ms jitter 20ms loss 5%"))
                .isEqualTo(new LinkModel(Duration.ofMillis(35), Duration.ofMillis(20), 5, 0, Optional.empty()));
        assertThat(LinkModel.parse("duplicate 0.5% bad-loss 90% good 20s bad 1500ms"))
                .isEqualTo(new LinkModel(
                        Duration.ZERO,
                        Duration.ZERO,
                        0,
                        0.5,
                        Optional.of(new LinkModel.Bursts(Duration.ofSeconds(20), Duration.ofMillis(1_500), 90))));
    }

    @Test
    void a_model_is_read_as_it_prints() {
        Random random = new Random(11);
        for (int i = 0; i < 500; i++) {
            Duration delay = Duration.ofMillis(random.nextInt(10_001));
            LinkModel model = new LinkModel(
                    delay,
                    Duration.ofMillis(random.nextLong(delay.toMillis() + 1)),
                    random.nextInt(100_001) / 1_000.0,
                    random.nextInt(100_001) / 1_000.0,
                    random.nextBoolean()
                            ? Optional.empty()
                            : Optional.of(new LinkModel.Bursts(
                                    Duration.ofMillis(1 + random.nextInt(60_000)),
                                    Duration.ofMillis(1 + random.nextInt(60_000)),
                                    random.nextInt(101))));
            assertThat(LinkModel.parse(model.toString())).as("%s", model).isEqualTo(model);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            delay 5ms jitter 6ms      | jitter: 6ms (expected: 0s to the delay, 5ms)
            delay 11s                 | delay: 11s (expected: 0s to 10s)
            loss 101%                 | loss: 101% (expected: 0% to 100%)
            loss 5                    | percentage: "5" (expected: 5% or 0.5%)
            loss 5% loss 6%           | link: "loss 5% loss 6%" (expected: each word once, with its value)
            loss                      | link: "loss" (expected: each word once, with its value)
            good 1s bad 1s            | link: "good 1s bad 1s" (expected: delay, jitter, loss, duplicate; good, bad and bad-loss together)
            good 0s bad 1s bad-loss 9% | good and bad: 0s and 1s (expected: both above 0s)
            luck 5%                   | link: "luck 5%" (expected: delay, jitter, loss, duplicate; good, bad and bad-loss together)
            """)
    void anything_else_is_refused_with_what_was_expected(String line, String why) {
        assertThatThrownBy(() -> LinkModel.parse(line.strip())).hasMessage(why.strip());
    }
}
