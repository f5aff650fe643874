package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SeriesLimitTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @BeforeEach
    void limits() {
        meters.config().meterFilter(new SeriesLimit());
    }

    private void count(String meter, int different) {
        for (int i = 0; i < different; i++) {
            meters.counter(meter, "name", "n" + i).increment();
        }
    }

    @Test
    void a_meter_has_so_many_series_and_no_more() {
        count("a", 2 * SeriesLimit.SERIES_MAX);
        assertThat(meters.getMeters()).hasSize(SeriesLimit.SERIES_MAX);
    }

    @Test
    void those_that_are_there_go_on() {
        count("a", 2 * SeriesLimit.SERIES_MAX);
        count("a", 2 * SeriesLimit.SERIES_MAX);
        assertThat(meters.get("a").tag("name", "n7").counter().count()).isEqualTo(2);
    }

    @Test
    void another_meter_has_room_of_its_own() {
        count("a", 2 * SeriesLimit.SERIES_MAX);
        count("b", 1);
        assertThat(meters.find("b").counters()).hasSize(1);
    }
}
