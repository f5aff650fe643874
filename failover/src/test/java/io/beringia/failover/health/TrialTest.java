package io.beringia.failover.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.Outcome;
import io.beringia.discovery.catalog.OutcomeCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TrialTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Counts ALL_FAIL = only(1_000, 1_000);
    private static final Duration SLO = Duration.ofMillis(200);

    @Test
    void one_second_alone_never_condemns() {
        Trial trial = IntStream.range(0, 100)
                .boxed()
                .reduce(Trial.begun(NOW), (one, i) -> one.with(ALL_FAIL, 2, SLO, NOW.plusMillis(9L * i)), (a, b) -> b);
        assertThat(trial.finding()).as("within a second").isEmpty();
        Trial later = trial.with(ALL_FAIL, 2, SLO, NOW.plusMillis(1_000));
        assertThat(later.finding()).get().extracting(Trial.Finding::isGray).isEqualTo(true);
    }

    @Test
    void what_is_well_becomes_usual_and_fades() {
        Trial trial = Trial.begun(NOW).with(only(1_000, 2), 2, SLO, NOW);
        assertThat(trial.finding()).get().extracting(Trial.Finding::isGray).isEqualTo(false);
        assertThat(trial.baseline()).isEqualTo(new Baseline(1_000, 2, NOW));
        Baseline hour = trial.baseline().at(NOW.plus(Duration.ofHours(1)));
        assertThat(hour.tried()).as("about 1/e").isBetween(330L, 370L);
        assertThat(trial.baseline().at(NOW.plus(Duration.ofHours(20))).tried()).isZero();
        assertThat(trial.baseline().at(NOW.minusSeconds(90))).isEqualTo(trial.baseline());
    }

    @Test
    void a_fault_is_never_learned() {
        Trial trial = Trial.begun(NOW);
        for (int second = 0; second < 600; second++) {
            trial = trial.with(only(50, 25), 2, SLO, NOW.plusSeconds(second));
        }
        assertThat(trial.finding()).get().extracting(Trial.Finding::isGray).isEqualTo(true);
        assertThat(trial.baseline().tried()).isZero();
    }

    @Test
    void nothing_new_changes_nothing() {
        Trial trial = Trial.begun(NOW).with(only(9, 1), 2, SLO, NOW);
        assertThat(trial.with(Counts.NONE, 2, SLO, NOW.plusSeconds(60))).isEqualTo(trial);
    }

    @Test
    void whoever_may_not_ask_and_whoever_was_outrun_says_nothing() {
        assertThat(Attempts.of(counts(Map.of(Outcome.DENIED, 500L, Outcome.OUTRUN, 500L, Outcome.ANSWERED, 3L), 0)))
                .isEqualTo(new Attempts(3, 0));
        assertThat(Attempts.of(counts(Map.of(Outcome.TIMED_OUT, 4L, Outcome.ANSWERED, 6L), 2)))
                .as("a tunnel that is cut off failed")
                .isEqualTo(new Attempts(10, 6));
    }

    @Test
    void counts_that_fall_begin_anew() {
        assertThat(new Attempts(5, 1).since(new Attempts(50, 2))).isEqualTo(new Attempts(5, 1));
        assertThat(new Attempts(50, 9).since(new Attempts(48, 2)))
                .as("tunnels of long ago")
                .isEqualTo(new Attempts(7, 7));
    }

    private static Counts only(long tried, long failed) {
        return new Counts(new Attempts(tried, failed), OutcomeCounts.NONE.firstBytes());
    }

    private static OutcomeCounts counts(Map<Outcome, Long> attempts, long aborted) {
        return new OutcomeCounts(attempts, aborted, aborted, 0, 0, OutcomeCounts.NONE.firstBytes());
    }
}
