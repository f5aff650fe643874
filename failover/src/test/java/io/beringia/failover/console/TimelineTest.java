package io.beringia.failover.console;

import static io.beringia.failover.console.Scenes.EAST;
import static io.beringia.failover.console.Scenes.NOW;
import static io.beringia.failover.console.Scenes.WEST;
import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.RegionPhase;
import io.beringia.discovery.catalog.Shares;
import io.beringia.failover.decision.Decision;
import io.beringia.failover.decision.SafetyRule;
import io.beringia.failover.health.RegionVerdict;
import io.beringia.failover.operator.LeaderView;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TimelineTest {
    private static final LeaderView CALM = Scenes.calmly();
    private static final LeaderView AWAY = Scenes.view(
            1, RegionPhase.EVACUATING, 3, "down for us-west, witness", Shares.all(WEST), new RegionVerdict.Healthy());

    @Test
    void every_step_of_a_region_is_told_with_its_reason_and_the_plan_that_says_so() {
        assertThat(said(after(CALM, AWAY)))
                .containsExactly(
                        "us-east ACTIVE → EVACUATING: down for us-west, witness (7.1)",
                        "this candidate leads: a term begins: the plan that stood there, under its epoch (7.0)");
    }

    @Test
    void the_same_plan_seen_again_tells_nothing() {
        assertThat(after(CALM, AWAY, AWAY, AWAY).entries()).hasSize(2);
    }

    @Test
    void a_new_leader_tells_what_it_finds_as_old_as_it_is_and_an_old_one_that_it_is_gone() {
        Timeline told = after(AWAY).after(Optional.empty(), NOW);
        assertThat(told.entries().getLast())
                .isEqualTo(new Timeline.Entry(
                        NOW.minusSeconds(3),
                        "7.1",
                        Timeline.Kind.REGION,
                        EAST.name(),
                        "EVACUATING",
                        "down for us-west, witness"));
        assertThat(said(told)).first().asString().startsWith("this candidate leads no more");
        assertThat(told.after(Optional.empty(), NOW).entries()).as("once").hasSize(3);
    }

    @Test
    void what_a_rule_holds_is_told_once_however_often_it_is_looked_at() {
        LeaderView held = deciding(new Decision.Hold("last seen 1 s ago", List.of(SafetyRule.ATLEAST_ONE)));
        LeaderView later = deciding(new Decision.Hold("last seen 2 s ago", List.of(SafetyRule.ATLEAST_ONE)));
        assertThat(said(after(CALM, held, later, CALM, held)))
                .filteredOn(entry -> entry.startsWith("a move"))
                .containsExactly("a move held by ATLEAST_ONE: last seen 1 s ago (7.0)");
    }

    @Test
    void an_order_is_told_when_it_begins_and_when_it_is_over() {
        LeaderView ordered = Scenes.returning().status().leading().orElseThrow();
        LeaderView over =
                Scenes.view(10, RegionPhase.RAMPING, 31, "step held", Shares.all(WEST), new RegionVerdict.Healthy());
        assertThat(said(after(CALM, ordered, over)))
                .anySatisfy(
                        entry -> assertThat(entry)
                                .startsWith(
                                        "us-west FREEZE until 2026-03-01T04:02:40Z: spiffe://example.org/ns/ops/sa/alice: ticket"))
                .anySatisfy(entry ->
                        assertThat(entry).startsWith("shop/cart.shop.svc.cluster.local in us-west EVACUATE until"))
                .anySatisfy(entry -> assertThat(entry).startsWith("us-west FREEZE is over"))
                .anySatisfy(entry -> assertThat(entry)
                        .startsWith("shop/cart.shop.svc.cluster.local in us-west: HEALTHY → DEGRADED: gray"));
    }

    @Test
    void a_home_is_told_when_it_changes() {
        assertThat(said(after(CALM, Scenes.homes().status().leading().orElseThrow())))
                .contains(
                        "shop/stock home: none → us-west AWAITED: operator: test (7.6)",
                        "shop/bill home: none → us-east OPEN: operator: test (7.6)");
    }

    @Test
    void only_the_newest_hundred_are_kept() {
        Timeline told = Timeline.EMPTY;
        for (int seq = 0; seq < 300; seq++) {
            RegionPhase phase = seq % 2 == 0 ? RegionPhase.ACTIVE : RegionPhase.SUSPECT;
            told = told.after(
                    Optional.of(Scenes.view(seq, phase, 0, "again", Shares.all(EAST), new RegionVerdict.Healthy())),
                    NOW);
        }
        assertThat(told.entries()).hasSize(Timeline.ENTRIES_MAX);
        assertThat(told.entries().getFirst().plan()).isEqualTo("7.299");
    }

    private static LeaderView deciding(Decision decision) {
        return new LeaderView(
                CALM.plan(),
                CALM.verdicts(),
                CALM.services(),
                CALM.objections(),
                CALM.warnings(),
                decision,
                CALM.fence(),
                CALM.everywhere());
    }

    private static Timeline after(LeaderView... views) {
        Timeline told = Timeline.EMPTY;
        for (LeaderView view : views) {
            told = told.after(Optional.of(view), NOW);
        }
        return told;
    }

    private static List<String> said(Timeline timeline) {
        return timeline.entries().stream()
                .map(one -> one.subject() + " " + one.what() + ": " + one.why() + " (" + one.plan() + ")")
                .toList();
    }
}
