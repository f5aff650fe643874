package io.beringia.gateway.overload;

import static io.beringia.gateway.overload.OverloadLevel.CLOSED;
import static io.beringia.gateway.overload.OverloadLevel.NONE;
import static io.beringia.gateway.overload.OverloadLevel.REFUSING;
import static io.beringia.gateway.overload.OverloadLevel.SHEDDING;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class OverloadRulesTest {
    static Shortage direct(double part) {
        return new Shortage(Math.round(part * 1_000), 1_000, 0, 1_000, 0, 1_064, Duration.ZERO);
    }

    @ParameterizedTest
    @CsvSource({
        "0.899, NONE",
        "0.90, REFUSING",
        "0.949, REFUSING",
        "0.95, SHEDDING",
        "0.979, SHEDDING",
        "0.98, CLOSED",
        "1.5, CLOSED"
    })
    void a_level_is_entered_at_once(double pressure, OverloadLevel expected) {
        assertThat(OverloadRules.next(NONE, direct(pressure))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "CLOSED, 0.93, CLOSED", "CLOSED, 0.929, SHEDDING", "SHEDDING, 0.90, SHEDDING", "SHEDDING, 0.899, REFUSING",
        "REFUSING, 0.85, REFUSING", "REFUSING, 0.849, NONE", "CLOSED, 0.1, NONE", "REFUSING, 0.95, SHEDDING"
    })
    void it_is_left_only_well_below(OverloadLevel before, double pressure, OverloadLevel expected) {
        assertThat(OverloadRules.next(before, direct(pressure))).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(OverloadLevel.class)
    void the_same_look_again_changes_nothing(OverloadLevel before) {
        for (int part = 0; part <= 1_100; part++) {
            OverloadLevel once = OverloadRules.next(before, direct(part / 1_000.0));
            assertThat(OverloadRules.next(once, direct(part / 1_000.0))).isEqualTo(once);
        }
    }

    @Test
    void what_is_shortest_decides() {
        Duration late = Duration.ofMillis(960);
        assertThat(new Shortage(1, 10, 95, 100, 1, 100, Duration.ZERO).shortest())
                .isEqualTo("heap");
        assertThat(new Shortage(1, 10, 5, 100, 1, 100, late).shortest()).isEqualTo("loop-lag");
        assertThat(OverloadRules.next(NONE, new Shortage(1, 10, 5, 100, 1, 100, late)))
                .isEqualTo(SHEDDING);
    }

    @Test
    void sixty_four_descriptors_are_kept_back() {
        Shortage now = new Shortage(0, 1, 0, 1, 960, 1_024, Duration.ZERO);
        assertThat(now.shortest()).isEqualTo("descriptors");
        assertThat(now.pressure()).isEqualTo(1.0);
        assertThat(OverloadRules.next(NONE, new Shortage(0, 1, 0, 1, 864, 1_024, Duration.ZERO)))
                .isEqualTo(REFUSING);
        assertThat(OverloadRules.next(NONE, new Shortage(0, 1, 0, 1, 5, 10, Duration.ZERO)))
                .as("too few for a reserve")
                .isEqualTo(CLOSED);
    }
}
