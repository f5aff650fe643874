package io.beringia.discovery.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OutcomeCountsTest {
    @ParameterizedTest(name = "{0} ms is counted at {1}")
    @CsvSource({"0, 0", "1, 1", "2, 2", "3, 2", "4, 3", "255, 8", "16383, 14", "16384, 15", "3600000, 15"})
    void a_first_byte_is_counted_below_the_next_power_of_two(long millis, int slot) {
        OutcomeCounts counts = OutcomeCounts.ofTunnel(false, 0, 0, Optional.of(Duration.ofMillis(millis)));
        for (int i = 0; i < OutcomeCounts.FIRST_BYTES; i++) {
            assertThat(counts.firstBytes().get(i)).isEqualTo(i == slot ? 1 : 0);
        }
    }

    @Test
    void a_tunnel_in_which_one_side_never_spoke_has_no_first_byte() {
        OutcomeCounts counts = OutcomeCounts.ofTunnel(true, 5, 0, Optional.empty());
        assertThat(counts)
                .isEqualTo(new OutcomeCounts(Map.of(), 1, 1, 5, 0, Collections.nCopies(OutcomeCounts.FIRST_BYTES, 0L)));
    }

    @Test
    void counts_add_up_in_any_order() {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            List<OutcomeCounts> counts = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                counts.add(one(random));
            }
            OutcomeCounts sum = counts.stream().reduce(OutcomeCounts.NONE, OutcomeCounts::plus);
            Collections.shuffle(counts, random);
            assertThat(counts.stream().reduce(OutcomeCounts.NONE, OutcomeCounts::plus))
                    .as("seed %d", seed)
                    .isEqualTo(sum);
            assertThat(sum.attempted() + sum.closed()).as("seed %d", seed).isEqualTo(10);
        }
    }

    private static OutcomeCounts one(Random random) {
        Outcome[] all = Outcome.values();
        return random.nextBoolean()
                ? OutcomeCounts.of(all[random.nextInt(all.length)])
                : OutcomeCounts.ofTunnel(
                        random.nextBoolean(),
                        random.nextInt(9),
                        random.nextInt(9),
                        Optional.of(Duration.ofMillis(random.nextInt(9_999))));
    }

    @Test
    void what_cannot_be_counted_is_refused() {
        List<Long> none = OutcomeCounts.NONE.firstBytes();
        assertThatThrownBy(() -> new OutcomeCounts(Map.of(), 1, 2, 0, 0, none))
                .hasMessage("tunnels: 1, 2 aborted (expected: aborted <= closed)");
        assertThatThrownBy(() -> new OutcomeCounts(Map.of(), 0, 0, 0, 0, List.of()))
                .hasMessage("first bytes: 0 counts (expected: 16)");
        assertThatThrownBy(() -> new OutcomeCounts(Map.of(Outcome.RESET, -1L), 0, 0, 0, 0, none))
                .hasMessage("outcomes: a count below zero (expected: at least 0)");
        assertThatThrownBy(() -> new OutcomeCounts(Map.of(), 0, 0, 0, -1, none))
                .hasMessage("outcomes: a count below zero (expected: at least 0)");
    }
}
