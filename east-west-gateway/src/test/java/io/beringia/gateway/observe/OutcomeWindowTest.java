package io.beringia.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.Outcome;
import io.beringia.discovery.catalog.OutcomeCounts;
import io.beringia.discovery.catalog.OutcomeReport;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.trust.identity.SpiffeId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a gateway remembers and reports of outcomes. */
final class OutcomeWindowTest {
    private static final RegionId WEST = new RegionId("us-west");
    private static final OutcomeCounts ANSWERED = OutcomeCounts.of(Outcome.ANSWERED);

    private static OutcomeKey key(String client, String endpoint) {
        return new OutcomeKey(
                SpiffeId.parse("spiffe://cluster.local/ns/web/sa/" + client),
                new OutcomeKey.Place("cart.shop", WEST, endpoint));
    }

    private static OutcomeReport report(String endpoint, int clients, OutcomeCounts counts) {
        return new OutcomeReport("cart.shop", WEST, endpoint, clients, counts);
    }

    @Test
    void clients_of_one_place_are_told_apart_and_counted_together() {
        OutcomeWindow window = OutcomeWindow.NONE
                .next(Map.of(key("a", "gw"), ANSWERED, key("b", "gw"), OutcomeCounts.of(Outcome.RESET)))
                .next(Map.of(key("a", "gw"), ANSWERED));
        assertThat(window.report())
                .containsExactly(report("gw", 2, ANSWERED.plus(ANSWERED).plus(OutcomeCounts.of(Outcome.RESET))));
    }

    @Test
    void whose_tunnels_merely_end_has_not_asked() {
        OutcomeCounts closed = OutcomeCounts.ofTunnel(false, 1, 2, Optional.empty());
        assertThat(OutcomeWindow.NONE.next(Map.of(key("a", "gw"), closed)).report())
                .containsExactly(report("gw", 0, closed));
    }

    @Test
    void sums_go_on_after_ten_seconds_in_which_nobody_asked_and_are_not_reported_meanwhile() {
        OutcomeWindow window = OutcomeWindow.NONE.next(Map.of(key("a", "gw"), ANSWERED));
        for (int second = 1; second < OutcomeWindow.SECONDS; second++) {
            window = window.next(Map.of());
            assertThat(window.report()).hasSize(1);
        }
        window = window.next(Map.of());
        assertThat(window.report()).isEmpty();
        assertThat(window.next(Map.of(key("b", "gw"), ANSWERED)).report())
                .containsExactly(report("gw", 1, ANSWERED.plus(ANSWERED)));
    }

    @Test
    void of_many_places_those_that_are_asked_for_most_are_reported() {
        Map<OutcomeKey, OutcomeCounts> second = new HashMap<>();
        for (int i = 0; i < 2 * OutcomeWindow.REPORTED_MAX; i++) {
            second.put(key("a", "quiet-" + i), ANSWERED);
        }
        second.put(key("a", "busy"), ANSWERED.plus(ANSWERED));
        List<OutcomeReport> reports = OutcomeWindow.NONE.next(second).report();
        assertThat(reports).hasSize(OutcomeWindow.REPORTED_MAX);
        assertThat(reports.getFirst().endpoint()).isEqualTo("busy");
    }

    @Test
    void places_that_nobody_asks_for_are_forgotten_when_there_are_too_many() {
        OutcomeWindow window = OutcomeWindow.NONE.next(Map.of(key("a", "old"), ANSWERED));
        for (int second = 0; second < OutcomeWindow.SECONDS; second++) {
            window = window.next(Map.of());
        }
        Map<OutcomeKey, OutcomeCounts> many = new HashMap<>();
        for (int i = 0; i < OutcomeWindow.PLACES_MAX; i++) {
            many.put(key("a", "new-" + i), ANSWERED);
        }
        window = window.next(many);
        assertThat(window.sums())
                .hasSize(OutcomeWindow.PLACES_MAX)
                .doesNotContainKey(key("a", "old").place());
    }

    @Test
    void outcomes_are_taken_once_a_second_and_each_once() {
        AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);
        Outcomes outcomes = new Outcomes();
        OutcomeLog log = new OutcomeLog(outcomes, now::get);
        outcomes.add(key("a", "gw"), ANSWERED);
        assertThat(log.report()).containsExactly(report("gw", 1, ANSWERED));
        outcomes.add(key("a", "gw"), ANSWERED);
        now.addAndGet(999_999_999);
        assertThat(log.report()).containsExactly(report("gw", 1, ANSWERED));
        now.addAndGet(1);
        assertThat(log.report()).containsExactly(report("gw", 1, ANSWERED.plus(ANSWERED)));
        now.addAndGet(1_000_000_000);
        assertThat(log.report()).containsExactly(report("gw", 1, ANSWERED.plus(ANSWERED)));
    }

    @Test
    void more_clients_than_a_second_can_have_cost_no_memory() {
        Outcomes outcomes = new Outcomes();
        for (int i = 0; i < 2 * Outcomes.KEYS_MAX; i++) {
            outcomes.add(key("client-" + i, "gw"), ANSWERED);
        }
        outcomes.add(key("client-0", "gw"), ANSWERED);
        Map<OutcomeKey, OutcomeCounts> taken = outcomes.take();
        assertThat(taken).hasSize(Outcomes.KEYS_MAX);
        assertThat(taken.get(key("client-0", "gw"))).as("who is known goes on").isEqualTo(ANSWERED.plus(ANSWERED));
        assertThat(outcomes.take()).isEmpty();
    }

    @Test
    void what_loops_saw_comes_together_once_each_has_handed_it_over() {
        Outcomes outcomes = new Outcomes();
        LoopOutcomes one = new LoopOutcomes(outcomes);
        LoopOutcomes other = new LoopOutcomes(outcomes);
        one.attempted(key("a", "gw"), Outcome.RESET);
        one.attempted(key("a", "gw"), Outcome.ANSWERED);
        other.attempted(key("a", "gw"), Outcome.ANSWERED);
        assertThat(outcomes.take()).as("not yet").isEmpty();

        one.handOver();
        one.handOver();
        other.handOver();

        assertThat(outcomes.take())
                .containsExactly(
                        Map.entry(key("a", "gw"), ANSWERED.plus(ANSWERED).plus(OutcomeCounts.of(Outcome.RESET))));
    }

    @Test
    void more_clients_than_a_loop_can_have_cost_no_memory() {
        Outcomes outcomes = new Outcomes();
        LoopOutcomes loop = new LoopOutcomes(outcomes);
        for (int i = 0; i < 2 * Outcomes.KEYS_MAX; i++) {
            loop.attempted(key("client-" + i, "gw"), Outcome.ANSWERED);
        }
        loop.attempted(key("client-0", "gw"), Outcome.ANSWERED);
        loop.handOver();

        Map<OutcomeKey, OutcomeCounts> taken = outcomes.take();
        assertThat(taken).hasSize(Outcomes.KEYS_MAX);
        assertThat(taken.get(key("client-0", "gw"))).as("who is known goes on").isEqualTo(ANSWERED.plus(ANSWERED));
    }
}
