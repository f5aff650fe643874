package io.beringia.scenarios.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import io.beringia.scenarios.load.Answer;
import io.beringia.scenarios.load.LoadPlan;
import io.beringia.scenarios.load.Outcome;
import io.beringia.scenarios.load.Request;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class VerdictTest {
    private static final String CALLER = "spiffe://cluster.local/ns/demo/sa/client";
    private static final long SECOND = 1_000_000_000L;
    private static final LoadPlan EAST = plan("web-east", "us-east");
    private static final LoadPlan WEST = plan("web-west", "us-west");
    private static final Phase STEADY = new Phase("steady", 0, 10 * SECOND, Set.of());
    private static final Phase LOST = new Phase("us-east is lost", 10 * SECOND, 20 * SECOND, Set.of("us-east"));

    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<Request> eastJournal = new ArrayList<>();
    private final List<Request> westJournal = new ArrayList<>();
    private OptionalLong fault = OptionalLong.empty();

    @Test
    void all_answered_by_the_right_server_succeeds() {
        answered(EAST, 0, 1, "us-east");
        answered(WEST, 0, 11, "us-west");
        assertThat(verdict().outcome()).isEqualTo(Verdict.Outcome.SUCCEEDED);
        assertThat(tally()).isEqualTo(new Tally(2, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void clients_inside_a_lost_region_do_not_count_while_it_is_lost() {
        failed(EAST, 0, 11, "timeout");
        answered(WEST, 0, 11, "us-west");
        assertThat(tally()).isEqualTo(new Tally(1, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void they_count_before_and_everybody_else_counts_always() {
        failed(EAST, 0, 9, "timeout");
        failed(WEST, 0, 11, "refused");
        assertThat(tally()).isEqualTo(new Tally(2, 2, 0, 0, 0, 0, 0));
        assertThat(verdict().outcome()).isEqualTo(Verdict.Outcome.FAILED);
    }

    @Test
    void a_request_in_two_journals_is_a_duplicate() {
        answered(WEST, 3, 1, "us-west");
        eastJournal.add(new Request("web-west", 3));
        assertThat(tally().duplicated()).isEqualTo(1);
    }

    @Test
    void json_counts_from_the_fault_and_leaves_out_what_never_happened() {
        answered(WEST, 0, 1, "us-west");
        Findings seen = new Findings(
                new Findings.Times(
                        OptionalLong.of(4_000),
                        OptionalLong.of(4_700),
                        OptionalLong.of(5_600),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        List.of(30L, 10L)),
                new Findings.InFlight(2, 0, 0, List.of(1_400L, 1_500L)),
                new Findings.Failback(3, 0, 2),
                7,
                5,
                6,
                0,
                1,
                "",
                Map.of(),
                Map.of("issuance", 12L));
        Verdict verdict = Verdict.of("drill", tally(), List.of(), List.of(STEADY), Map.of(), List.of(), seen);
        assertThat(VerdictJson.of(verdict))
                .containsEntry("detectionMs", 1_600L)
                .containsEntry("shiftMs", 0L)
                .containsEntry("pushedP50Ms", 10L)
                .containsEntry("pushedP99Ms", 30L)
                .containsEntry("failback", Map.of("steps", 3L, "aborts", 0L, "errors", 2L))
                .containsEntry("wrongRegion", 6L)
                .containsEntry("ledgerRange", Map.of("issuance", 12L))
                .doesNotContainKeys("committedAt", "decisionMs")
                .extractingByKey("inflight", MAP)
                .containsEntry("reset", 2)
                .containsEntry("resetLatencyP99Ms", 1_500L);
    }

    @Test
    void what_was_in_flight_when_something_was_lost_is_no_new_connection() {
        failed(WEST, 0, 1, "reset");
        failed(WEST, 1, 6, "reset");
        fault = OptionalLong.of(2 * SECOND);
        assertThat(tally().failed()).as("of what began later").isEqualTo(1);
        assertThat(tally().cut()).as("of what was on its way").isEqualTo(1);
    }

    @Test
    void served_but_unanswered_is_lost() {
        failed(WEST, 4, 1, "timeout");
        westJournal.add(new Request("web-west", 4));
        assertThat(tally().lost()).isEqualTo(1);
    }

    @Test
    void a_load_that_missed_its_schedule_measured_nothing() {
        outcomes.add(new Outcome(WEST, 0, SECOND, SECOND + 20_000_000, 2 * SECOND, answer(WEST, 0, "us-west"), ""));
        assertThat(verdict().outcome()).isEqualTo(Verdict.Outcome.INVALID);
    }

    @Test
    void without_any_connection_nothing_was_measured() {
        assertThat(verdict().outcome()).isEqualTo(Verdict.Outcome.INVALID);
    }

    @Test
    void flows_tell_who_served_whom_in_each_phase() {
        answered(EAST, 0, 1, "us-east");
        answered(EAST, 1, 2, "us-west");
        answered(WEST, 0, 12, "us-west");
        assertThat(Flow.all(outcomes, List.of(STEADY, LOST)))
                .extracting(Flow::phase, Flow::from, Flow::servedBy)
                .containsExactly(
                        tuple("steady", "us-east", Map.of("us-east", 1L, "us-west", 1L)),
                        tuple("us-east is lost", "us-west", Map.of("us-west", 1L)));
    }

    @Test
    void the_page_stands_alone_and_escapes_names() {
        answered(EAST, 0, 1, "us-east");
        Verdict verdict = Verdict.of(
                "<b>", tally(), List.of(), List.of(STEADY), Map.of("fault", 5_000L), List.of(), Findings.NOTHING);
        assertThat(VerdictPage.print(verdict, outcomes))
                .contains("&lt;b&gt;", "fault", "<svg")
                .doesNotContain("<b>", "http://", "https://", "src=");
    }

    private Tally tally() {
        return Tally.of(outcomes, List.of(STEADY, LOST), List.of(eastJournal, westJournal), fault);
    }

    private Verdict verdict() {
        return Verdict.of(
                "drill",
                tally(),
                Flow.all(outcomes, List.of(STEADY, LOST)),
                List.of(STEADY, LOST),
                Map.of(),
                List.of(Expectation.none("failed new connections", tally().failed())),
                Findings.NOTHING);
    }

    private void answered(LoadPlan plan, long sequence, long second, String region) {
        (region.equals("us-east") ? eastJournal : westJournal).add(new Request(plan.client(), sequence));
        long due = second * SECOND;
        outcomes.add(new Outcome(plan, sequence, due, due, due + 1_000_000, answer(plan, sequence, region), ""));
    }

    private void failed(LoadPlan plan, long sequence, long second, String word) {
        long due = second * SECOND;
        outcomes.add(new Outcome(plan, sequence, due, due, due + 5 * SECOND, Optional.empty(), word));
    }

    private static Optional<Answer> answer(LoadPlan plan, long sequence, String region) {
        return Optional.of(new Answer(region, CALLER, new Request(plan.client(), sequence)));
    }

    private static LoadPlan plan(String client, String region) {
        InetSocketAddress nowhere = InetSocketAddress.createUnresolved("localhost", 1);
        return new LoadPlan(client, "echo", region, nowhere, CALLER, 100, Duration.ofSeconds(5));
    }
}
