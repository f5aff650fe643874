package io.beringia.failover.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SprtTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    /** Wald's expected number of outcomes until a fault of that ratio is known, against 0.5 %. */
    @ParameterizedTest(name = "{0} of a million: {1}")
    @CsvSource({"20000, 1061", "50000, 191", "100000, 65", "300000, 14", "500000, 7", "999999, 3"})
    void knows_a_fault_after_so_many_outcomes(long faulty, long expected) {
        Sprt test = new Sprt(5_000, faulty);
        double each = (faulty * (double) test.evidence(new Attempts(1, 1))
                        + (Sprt.MILLION - faulty) * (double) test.evidence(new Attempts(1, 0)))
                / Sprt.MILLION;
        double until = (0.99 * Sprt.FAULT_FROM + 0.01 * Sprt.WELL_TO) / each;
        assertThat(Math.round(until)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{1} of {0} so far: {2}, {3}")
    @CsvSource({
        "0, 0, 5000, 100000",
        "99, 99, 5000, 100000",
        "1000, 1, 5000, 100000",
        "1000, 20, 40000, 200000",
        "1000, 100, 200000, 900000",
        "1000, 900, 400000, 900000"
    })
    void what_is_usual_twice_is_usual_still(long tried, long failed, long usual, long faulty) {
        assertThat(Sprt.against(new Baseline(tried, failed, NOW))).isEqualTo(new Sprt(usual, faulty));
    }

    /** What is tolerated, for a million outcomes: nobody is accused. */
    @Test
    void accuses_nobody_of_what_is_usual() {
        Random random = new Random(6);
        Sprt test = Sprt.against(Baseline.begun(NOW));
        long evidence = 0;
        long highest = 0;
        for (int i = 0; i < 1_000_000; i++) {
            evidence += test.evidence(new Attempts(1, random.nextInt(200) == 0 ? 1 : 0));
            highest = Math.max(highest, evidence);
            evidence = evidence <= Sprt.WELL_TO ? 0 : evidence;
        }
        assertThat(highest).isPositive().isLessThan(Sprt.FAULT_FROM);
    }
}
