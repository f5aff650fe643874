package io.beringia.scenarios.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReportTest {
    private static final Figure COST = new Figure("throughput-up-1", "CPU s/GB", Figure.Better.LESS);
    private static final Figure RATE = new Figure("messages", "1/CPU s", Figure.Better.MORE);

    private final Results results = new Results();

    @Test
    void half_the_cost_is_twice_as_good() {
        assertThat(COST.advantage(1, 2)).isEqualTo(2);
    }

    @Test
    void half_the_rate_is_half_as_good() {
        assertThat(RATE.advantage(1, 2)).isEqualTo(0.5);
    }

    @Test
    void rounds_are_compared_with_the_same_round_of_the_other() {
        round(COST, 1, 2);
        round(COST, 10, 20);
        round(COST, 1, 3);
        assertThat(results.advantage(COST, "ours", "theirs")).contains(new Results.Spread(2, 2, 3));
    }

    @Test
    void rounds_that_one_of_them_has_not_are_left_out() {
        round(COST, 1, 2);
        results.add("ours", Map.of(COST, 100.0));
        assertThat(results.advantage(COST, "ours", "theirs")).contains(new Results.Spread(2, 2, 2));
    }

    @Test
    void the_median_of_an_even_number_lies_between_the_middle_two() {
        assertThat(Results.Spread.of(List.of(4.0, 1.0, 2.0, 10.0))).contains(new Results.Spread(3, 1, 10));
    }

    @Test
    void the_table_names_the_machine_and_shows_values_and_ratios() {
        round(COST, 0.5, 1);
        results.add("ours", Map.of(RATE, 12_345.0));
        Report report = new Report(
                new Machine(2, "a processor", "6.1", "25"),
                List.of("ours", "theirs"),
                List.of("one left out"),
                results);
        assertThat(report.table().lines())
                .contains("2 cores, a processor, Linux 6.1, Java 25")
                .anyMatch(line ->
                        line.matches(" +throughput-up-1 +CPU s/GB +0\\.500 +1\\.000 \\[x2\\.00 2\\.00\\.\\.2\\.00]"))
                .anyMatch(line -> line.matches(" +messages +1/CPU s +12345 +-"))
                .contains("  note: one left out");
    }

    private void round(Figure figure, double ours, double theirs) {
        results.add("ours", Map.of(figure, ours));
        results.add("theirs", Map.of(figure, theirs));
    }
}
