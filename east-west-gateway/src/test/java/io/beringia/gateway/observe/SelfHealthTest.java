package io.beringia.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.PathRules;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class SelfHealthTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @Test
    void a_pause_voids_its_own_verdict_and_a_clean_second_gives_one_point_back() {
        SelfHealth paused = SelfHealth.begun(0).ticked(SelfHealth.PAUSED.toNanos(), SECOND);
        assertThat(paused.score()).isEqualTo(PathRules.LOCAL_HEALTH_VOID);
        assertThat(paused.ticked(0, 2 * SECOND - 1).score()).isEqualTo(3);
        assertThat(paused.ticked(0, 2 * SECOND).score()).isEqualTo(2);
    }

    @Test
    void lateness_below_the_limit_is_nothing_and_at_it_one_point() {
        SelfHealth well = SelfHealth.begun(0);
        assertThat(well.ticked(SelfHealth.LATE.toNanos() - 1, 1)).isEqualTo(well);
        assertThat(well.ticked(SelfHealth.LATE.toNanos(), 1).score()).isEqualTo(1);
    }

    @Test
    void the_score_has_an_upper_end() {
        SelfHealth health = SelfHealth.begun(0);
        for (int i = 1; i <= 20; i++) {
            health = health.ticked(SelfHealth.PAUSED.toNanos(), i);
        }
        assertThat(health.score()).isEqualTo(SelfHealth.SCORE_MAX);
    }
}
