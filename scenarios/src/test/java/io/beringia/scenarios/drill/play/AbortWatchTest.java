package io.beringia.scenarios.drill.play;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.scenarios.load.Answer;
import io.beringia.scenarios.load.LoadPlan;
import io.beringia.scenarios.load.Outcome;
import io.beringia.scenarios.load.Request;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AbortWatchTest {
    private static final long SECOND = 1_000_000_000L;

    private final List<Outcome> outcomes = new ArrayList<>();
    private final AbortWatch watch =
            new AbortWatch(new Drill.Abort(50, Duration.ofSeconds(5)), () -> outcomes, () -> 20 * SECOND);

    @Test
    void half_of_the_last_connections_may_fail_and_not_one_more() {
        ended("us-west", 18, true);
        ended("us-west", 18, false);
        assertThatCode(() -> watch.check(Set.of())).doesNotThrowAnyException();
        ended("us-west", 19, true);
        assertThatThrownBy(() -> watch.check(Set.of()))
                .hasMessage("67 % of connections failed within 5 s (expected: at most 50 %)");
    }

    @Test
    void older_ones_and_those_of_a_lost_region_do_not_count() {
        ended("us-west", 14, true);
        ended("us-east", 19, true);
        assertThatCode(() -> watch.check(Set.of("us-east"))).doesNotThrowAnyException();
    }

    private void ended(String region, long second, boolean failed) {
        LoadPlan plan = new LoadPlan(
                "web",
                "echo",
                region,
                InetSocketAddress.createUnresolved("localhost", 1),
                "spiffe://x/y",
                1,
                Duration.ofSeconds(5));
        Optional<Answer> answer =
                failed ? Optional.empty() : Optional.of(new Answer(region, "spiffe://x/y", new Request("web", second)));
        outcomes.add(new Outcome(
                plan, second, second * SECOND, second * SECOND, second * SECOND, answer, failed ? "timeout" : ""));
    }
}
