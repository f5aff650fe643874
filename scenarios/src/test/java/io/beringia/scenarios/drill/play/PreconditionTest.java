package io.beringia.scenarios.drill.play;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.scenarios.drill.Timeline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PreconditionTest {
    private final Timeline seen = new Timeline();

    @Test
    void a_region_stands_where_the_leader_said_last_and_nobody_else() {
        Precondition active = Precondition.parse("us-east ACTIVE");
        assertThat(active.holds(seen)).as("nothing is known").isFalse();
        says("gateway-0", "us-east", "ACTIVE");
        assertThat(active.holds(seen)).as("an observer's word").isFalse();
        says("leader", "us-east", "ACTIVE");
        assertThat(active.holds(seen)).isTrue();
        says("leader", "us-east", "SUSPECT");
        assertThat(active.holds(seen)).isFalse();
    }

    @Test
    void a_site_follows_once_all_its_proxies_do() {
        Precondition follows = Precondition.parse("us-west follows the plan");
        says("us-west", "plan", "3.7");
        assertThat(follows.holds(seen)).isFalse();
        says("us-west", "plan", "3.7 acknowledged");
        assertThat(follows.holds(seen)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"us-east ACTIVE", "us-west DRAINED", "witness follows the plan"})
    void a_line_is_read_as_it_prints(String line) {
        assertThat(Precondition.parse(line)).hasToString(line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"us-east WELL", "everything is well", "mars ACTIVE", ""})
    void anything_else_is_refused(String line) {
        assertThatThrownBy(() -> Precondition.parse(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(expected: ");
    }

    private void says(String observer, String subject, String word) {
        seen.note(new Timeline.Event(0, observer, subject, word));
    }
}
