package io.beringia.failover.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.failover.console.ConsoleView;
import io.beringia.failover.console.Scenes;
import io.beringia.failover.operator.Outlook.Level;
import org.junit.jupiter.api.Test;

final class OutlookTest {
    @Test
    void a_calm_night_is_one_line() {
        Outlook outlook = Outlook.of(Scenes.calm().status());
        assertThat(outlook.level()).isEqualTo(Level.WELL);
        assertThat(outlook.lines())
                .singleElement()
                .satisfies(line -> assertThat(line.subject()).isEqualTo("demo"))
                .satisfies(line -> assertThat(line.says()).isEqualTo("serves in every region"));
    }

    @Test
    void a_region_that_is_away_comes_first_with_where_its_clients_go_and_why() {
        Outlook outlook = Outlook.of(Scenes.lost().status());
        assertThat(outlook.level()).isEqualTo(Level.TROUBLE);
        assertThat(outlook.lines().getFirst())
                .satisfies(line -> assertThat(line.subject()).isEqualTo("us-east"))
                .satisfies(line -> assertThat(line.says()).isEqualTo("is evacuated; its clients go to us-west (100 %)"))
                .satisfies(line ->
                        assertThat(line.why()).isEqualTo("down for us-west, witness; empty or at its deadline"));
        assertThat(outlook.lines()).as("and whose evidence is old").hasSize(2);
    }

    @Test
    void what_only_needs_an_eye_is_no_trouble() {
        assertThat(said(Scenes.returning())).isEqualTo("""
                        WATCH us-east comes back, 25 % open; its clients go to us-east (25 %), us-west (75 %)
                        WATCH shop/cart.shop.svc.cluster.local was sent away from us-west
                        WATCH us-west is frozen: nothing is decided about it
                        WATCH shop/cart.shop.svc.cluster.local fails in us-west
                        """);
    }

    @Test
    void a_region_that_an_operator_sent_away_says_who_and_why() {
        assertThat(Outlook.of(Scenes.ordered().status()).lines())
                .singleElement()
                .satisfies(line -> assertThat(line.level()).isEqualTo(Level.WATCH))
                .satisfies(line -> assertThat(line.says()).isEqualTo("is drained; its clients go to us-west (100 %)"))
                .satisfies(line -> assertThat(line.why())
                        .isEqualTo("reached by all; empty or at its deadline; ordered until 2026-03-01T04:02:40Z:"
                                + " new core router (spiffe://example.org/ns/ops/sa/alice)"));
    }

    @Test
    void a_single_writer_whom_nobody_reaches_is_trouble() {
        assertThat(said(Scenes.homes())).startsWith("""
                        TROUBLE us-east is evacuated; its clients go to us-west (100 %)
                        TROUBLE shop/bill is at home in us-east, which is EVACUATED, so nobody is served
                        TROUBLE shop/new has no home, so nobody is served
                        TROUBLE shop/stock moves to us-west, and nobody is served until all have left where it was
                        """).doesNotContain("shop/cart");
    }

    @Test
    void a_trouble_of_a_way_is_one_line_whoever_sees_it() {
        assertThat(Outlook.of(Scenes.stuck().status()).lines())
                .singleElement()
                .satisfies(line -> assertThat(line.subject()).isEqualTo("us-west"))
                .satisfies(
                        line -> assertThat(line.says()).isEqualTo("has a process that is stuck, at west-1/gateway-1"))
                .satisfies(line -> assertThat(line.why()).isEqualTo("seen from us-east, witness"));
    }

    private static String said(ConsoleView view) {
        StringBuilder said = new StringBuilder();
        for (Outlook.Line line : Outlook.of(view.status()).lines()) {
            said.append(line.level() + " " + line.subject() + " " + line.says() + "\n");
        }
        return said.toString();
    }
}
