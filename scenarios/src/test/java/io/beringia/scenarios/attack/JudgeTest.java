package io.beringia.scenarios.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.scenarios.attack.Attack.Siege;
import io.beringia.scenarios.attack.Measured.Round;
import io.beringia.scenarios.attack.Measured.Window;
import io.beringia.scenarios.attack.Ruling.Verdict;
import io.beringia.scenarios.bench.Machine;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

final class JudgeTest {
    private static final Siege FLOOD = Siege.flood("A0", "a flood", _ -> {});
    private static final Siege PACED = Siege.paced("A0", "within limits", _ -> {});
    private static final OptionalDouble IDLE = OptionalDouble.of(10_000);
    private static final double CONNECTIONS = 8;
    private static final int KIB = 1_024;

    /** Two seconds of a gateway that works for so many, and its neighbours' 99th percentile in milliseconds. */
    private static Window window(double cpuSeconds, double p99Millis, String... failures) {
        return new Window(2, cpuSeconds, 0, p99Millis * 1e6, 800, List.of(failures));
    }

    /** The same, in which it waited for a processor for that long. */
    private static Window starved(Window window, double waitedSeconds) {
        return new Window(
                window.seconds(),
                window.cpuSeconds(),
                waitedSeconds,
                window.p99Nanos(),
                window.messages(),
                window.failures());
    }

    private static final List<Round> CALM = rounds(window(0.2, 1.0), window(0.2, 1.0));

    private static List<Round> rounds(Window without, Window with) {
        return List.of(new Round(without, with), new Round(without, with), new Round(without, with));
    }

    private static Measured measured(List<Round> rounds) {
        return measured(rounds, 10_000, 1_000, List.of(0.1), 0);
    }

    private static Measured measured(
            List<Round> rounds, double heapBytes, double sentBytes, List<Double> tolerated, int left) {
        return new Measured(
                rounds,
                CONNECTIONS,
                OptionalDouble.of(heapBytes),
                0,
                sentBytes,
                tolerated,
                left,
                Optional.empty(),
                OptionalDouble.of(0.1),
                "");
    }

    private static Verdict verdict(String bar, Siege siege, Measured measured) {
        return Judge.judge(siege, measured, IDLE).stream()
                .filter(ruling -> ruling.bar().equals(bar))
                .map(Ruling::verdict)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void an_attack_that_nobody_feels_holds_every_bar() {
        assertThat(Judge.judge(FLOOD, measured(CALM), IDLE))
                .allSatisfy(ruling ->
                        assertThat(ruling.verdict()).as(ruling.toString()).isEqualTo(Verdict.HELD));
    }

    @Test
    void each_connection_may_cost_a_hundredth_of_a_core() {
        Measured dear = measured(rounds(window(0.2, 1), window(0.2 + 2 * 0.02 * CONNECTIONS, 1)));
        assertThat(Judge.sharePercent(dear)).isBetween(1.99, 2.01);
        assertThat(verdict("cpu", PACED, dear)).isEqualTo(Verdict.BROKEN);
        Measured fair = measured(rounds(window(0.2, 1), window(0.2 + 2 * 0.005 * CONNECTIONS, 1)));
        assertThat(verdict("cpu", PACED, fair)).isEqualTo(Verdict.HELD);
    }

    @Test
    void what_quiet_rounds_differ_by_is_no_mans_fault_and_no_pass() {
        Window with = window(0.2 + 2 * 0.011 * CONNECTIONS, 1);
        Measured shaken = measured(List.of(
                new Round(window(0.2, 1), with), new Round(window(0.3, 2), with), new Round(window(0.2, 1), with)));
        assertThat(verdict("cpu", PACED, shaken)).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(verdict(Judge.P99, PACED, shaken)).isEqualTo(Verdict.INCONCLUSIVE);
    }

    @Test
    void neighbours_may_wait_a_tenth_longer() {
        assertThat(verdict(Judge.P99, PACED, measured(rounds(window(0.2, 1), window(0.2, 1.09)))))
                .isEqualTo(Verdict.HELD);
        assertThat(verdict(Judge.P99, PACED, measured(rounds(window(0.2, 1), window(0.2, 1.2)))))
                .isEqualTo(Verdict.BROKEN);
    }

    @Test
    void a_neighbour_that_fails_in_an_attack_and_at_no_other_time_breaks_a_bar() {
        Window failed = window(0.2, 1, "status: 503");
        assertThat(verdict("neighbours", PACED, measured(rounds(window(0.2, 1), failed))))
                .isEqualTo(Verdict.BROKEN);
        assertThat(verdict("neighbours", PACED, measured(rounds(failed, failed))))
                .isEqualTo(Verdict.INCONCLUSIVE);
    }

    @Test
    void whoever_went_too_far_is_closed_within_two_seconds_and_all_of_them() {
        assertThat(verdict("close", FLOOD, measured(CALM, 0, 1, List.of(0.1, 2.1), 0)))
                .isEqualTo(Verdict.BROKEN);
        assertThat(verdict("close", FLOOD, measured(CALM, 0, 1, List.of(0.1), 1)))
                .isEqualTo(Verdict.BROKEN);
        assertThat(Judge.judge(PACED, measured(CALM), IDLE))
                .extracting(Ruling::bar)
                .as("whoever keeps to the limits")
                .doesNotContain("close");
    }

    @Test
    void nothing_can_be_said_of_time_where_the_gateway_had_no_processor() {
        Window quiet = window(0.2, 1);
        Window slow = window(0.2, 2, "status: 503");
        Measured late = measured(rounds(quiet, starved(slow, 0.21)), 0, 1, List.of(), 1);
        for (String bar : List.of("close", "neighbours", Judge.P99)) {
            assertThat(verdict(bar, FLOOD, late)).as(bar).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(verdict(bar, FLOOD, measured(rounds(quiet, starved(slow, 0.19)), 0, 1, List.of(), 1)))
                    .as(bar)
                    .isEqualTo(Verdict.BROKEN);
        }
        assertThat(verdict("close", FLOOD, measured(rounds(quiet, starved(quiet, 1)))))
                .as("in time all the same")
                .isEqualTo(Verdict.HELD);
    }

    @Test
    void whoever_only_says_much_may_cost_what_its_messages_cost() {
        Siege chatty = PACED.saying(10);
        double messages = 100_000;
        Measured fair =
                measured(rounds(window(0.2, 1), window(0.2 + messages * 4e-6, 1)), 0, messages * 10 / 8, List.of(), 0);
        assertThat(Judge.messageMicros(chatty, fair)).isBetween(3.99, 4.01);
        assertThat(verdict("cpu", chatty, fair)).isEqualTo(Verdict.HELD);
        Measured dear =
                measured(rounds(window(0.2, 1), window(0.2 + messages * 6e-6, 1)), 0, messages * 10 / 8, List.of(), 0);
        assertThat(verdict("cpu", chatty, dear)).isEqualTo(Verdict.BROKEN);
    }

    @Test
    void ten_times_what_was_sent_is_too_much_to_hold_once_it_is_worth_the_name() {
        assertThat(verdict("amplification", PACED, measured(CALM, 250 * KIB, 1 * KIB, List.of(), 0)))
                .isEqualTo(Verdict.BROKEN);
        assertThat(verdict("amplification", PACED, measured(CALM, 250 * KIB, 200 * KIB, List.of(), 0)))
                .isEqualTo(Verdict.HELD);
        assertThat(verdict("amplification", PACED, measured(CALM, 30 * KIB, 1, List.of(), 0)))
                .isEqualTo(Verdict.HELD);
        assertThat(verdict("heap", PACED, measured(CALM, 400 * KIB, 1_000 * KIB, List.of(), 0)))
                .isEqualTo(Verdict.BROKEN);
    }

    @Test
    void only_what_is_broken_fails_a_run_and_what_is_open_is_never_a_pass() {
        Ruling open = Ruling.unknown("p99", "noise", "less");
        Ruling broken = Ruling.of("close", false, "1 never closed", "all");
        assertThat(report(open).isAnyBroken()).isFalse();
        assertThat(report(open).table()).contains("INCONCLUSIVE: p99").doesNotContain("HELD");
        assertThat(report(open, broken).isAnyBroken()).isTrue();
        assertThat(report(open, broken).table()).contains("BROKEN: close");
        assertThat(report(Ruling.of("close", true, "all", "all")).table()).contains("HELD");
    }

    private static AttackReport report(Ruling... rulings) {
        return new AttackReport(
                new Machine(2, "a processor", "6.1", "25"),
                List.of(AttackReport.Row.of(FLOOD, measured(CALM), List.of(rulings))));
    }
}
