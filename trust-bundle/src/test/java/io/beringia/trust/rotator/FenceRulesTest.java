package io.beringia.trust.rotator;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.rotation.Change;
import io.beringia.trust.rotation.Pace;
import io.beringia.trust.rotation.RootId;
import io.beringia.trust.rotation.RotationEvidence.Candidate;
import io.beringia.trust.rotation.RotationPhase;
import io.beringia.trust.rotator.FenceRules.Agreed;
import io.beringia.trust.rotator.FenceRules.Follow;
import io.beringia.trust.rotator.FenceRules.Refused;
import io.beringia.trust.rotator.FenceRules.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FenceRulesTest {
    private static final RootId OLD = new RootId("a".repeat(64));
    private static final RootId NEW = new RootId("b".repeat(64));
    private static final RootId THIRD = new RootId("c".repeat(64));
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final Lead LEAD = new Lead(5, "us-east");

    private static RotationState at(RotationPhase phase) {
        return new RotationState(phase, false, Set.of(), Map.of(), "loop", "gates are open", LEAD);
    }

    private static Optional<Candidate> candidate(RootId root, String... faults) {
        return Optional.of(new Candidate(root, NOW.plus(Duration.ofDays(3650)), Duration.ofDays(90), List.of(faults)));
    }

    private static Verdict ordered(RotationPhase mine, RotationPhase order) {
        return FenceRules.judge(at(mine), candidate(NEW), new PeerCall.Order(at(order)), "us-east");
    }

    private static RotationPhase phase(String word, long generation) {
        return Phases.all(OLD, NEW, generation, NOW).stream()
                .filter(one -> one.word().equals(word))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // promised to | who asks | on whose behalf | word
                "5 us-east | 5 us-east | us-east | agreed",
                "5 us-east | 6 us-west | us-west | follow",
                "5 us-east | 6 us-east | us-east | follow",
                "0         | 1 us-west | us-west | follow",
                "5 us-east | 5 us-west | us-west | old-epoch",
                "5 us-east | 4 us-west | us-west | old-epoch",
                "5 us-east | 6 us-west | us-east | not-its-own",
            })
    void nobody_is_promised_to_twice_in_one_epoch(String promised, String asks, String caller, String word) {
        Lead mine = promised.equals("0") ? Lead.NONE : Lead.parse(promised);
        RotationState state = at(new RotationPhase.Stable(OLD, 7)).under(mine);

        Verdict verdict = FenceRules.judge(state, Optional.empty(), new PeerCall.Claim(Lead.parse(asks)), caller);

        assertThat(word(verdict)).isEqualTo(word);
        if (verdict instanceof Follow(RotationState next)) {
            assertThat(next).as("the promise alone").isEqualTo(state.under(Lead.parse(asks)));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "5 us-east | us-east | follow",
                "4 us-east | us-east | old-epoch",
                "4 us-west | us-west | old-epoch",
                "5 us-west | us-west | not-promised",
                "6 us-west | us-west | not-promised",
                "5 us-east | us-west | not-its-own",
            })
    void nobody_is_obeyed_but_to_whom_it_was_promised(String lead, String caller, String word) {
        RotationState order = at(phase("published", 7)).under(Lead.parse(lead));

        assertThat(word(FenceRules.judge(
                        at(phase("publishing", 7)), Optional.empty(), new PeerCall.Order(order), caller)))
                .isEqualTo(word);
    }

    /** What is obeyed of a newer generation, from each phase. */
    @Test
    void roots_follow_from_roots() {
        assertThat(Phases.all(OLD, NEW, 7, NOW).stream()
                        .map(mine -> mine.word() + ": "
                                + Phases.all(OLD, NEW, 8, NOW).stream()
                                        .filter(order -> ordered(mine, order) instanceof Follow)
                                        .map(RotationPhase::word)
                                        .collect(Collectors.joining(" "))))
                .containsExactly(
                        "stable: stable prepared publishing withdrawing",
                        "prepared: stable prepared publishing published canary activating active draining retiring"
                                + " retired rolling-back withdrawing",
                        "publishing: " + CHANGING,
                        "published: " + CHANGING,
                        "canary: " + CHANGING,
                        "activating: " + CHANGING,
                        "active: " + CHANGING,
                        "draining: " + CHANGING,
                        "retiring: " + CHANGING,
                        "retired: " + CHANGING,
                        "rolling-back: " + CHANGING,
                        "withdrawing: stable " + CHANGING);
    }

    private static final String CHANGING = "prepared publishing published canary activating active draining retiring"
            + " retired rolling-back withdrawing";

    @Test
    void an_order_that_comes_late_is_refused() {
        RotationPhase mine = phase("published", 7);

        assertThat(word(ordered(mine, phase("draining", 6))))
                .as("an older generation")
                .isEqualTo("old-order");
        assertThat(word(ordered(mine, new RotationPhase.Publishing(change(OLD, NEW), 7, NOW.minusSeconds(1)))))
                .as("of the same one, given before")
                .isEqualTo("old-order");
        assertThat(word(ordered(mine, mine))).as("the same").isEqualTo("agreed");
        assertThat(word(ordered(new RotationPhase.Stable(NEW, 9), phase("retired", 9))))
                .as("of a rotation that is over")
                .isEqualTo("old-order");
    }

    @Test
    void an_order_is_given_after_the_one_before_it_whatever_the_clock_says() {
        RotationPhase before = phase("published", 7);

        assertThat(FenceRules.after(before, NOW)).as("the same instant").isEqualTo(NOW.plusMillis(1));
        assertThat(FenceRules.after(before, NOW.minusSeconds(60)))
                .as("a lead whose clock is behind")
                .isEqualTo(NOW.plusMillis(1));
        assertThat(FenceRules.after(before, NOW.plusSeconds(1))).as("later").isEqualTo(NOW.plusSeconds(1));
        assertThat(FenceRules.after(new RotationPhase.Stable(NEW, 9), NOW))
                .as("none before it")
                .isEqualTo(NOW);
    }

    @Test
    void whoever_missed_the_end_of_one_rotation_ends_it_before_the_next_begins() {
        RotationPhase next = new RotationPhase.Prepared(change(OLD, THIRD), 9, NOW);

        assertThat(ordered(phase("withdrawing", 8), next))
                .as("ends")
                .isEqualTo(new Follow(at(phase("withdrawing", 8)).on(new RotationPhase.Stable(OLD, 8))));
        assertThat(word(ordered(phase("draining", 8), next)))
                .as("is not at its end")
                .isEqualTo("other-change");
        assertThat(word(ordered(phase("retired", 8), next)))
                .as("ended on the other root")
                .isEqualTo("other-change");
        assertThat(word(ordered(new RotationPhase.Stable(NEW, 3), new RotationPhase.Stable(OLD, 4))))
                .as("signs under another")
                .isEqualTo("other-change");
    }

    @Test
    void nobody_begins_without_a_fit_intermediate_of_its_own() {
        PeerCall order = new PeerCall.Order(at(phase("prepared", 8)));
        RotationState mine = at(new RotationPhase.Stable(OLD, 7));

        assertThat(word(FenceRules.judge(mine, Optional.empty(), order, "us-east")))
                .as("none")
                .isEqualTo("not-ready");
        assertThat(word(FenceRules.judge(mine, candidate(THIRD), order, "us-east")))
                .as("under another root")
                .isEqualTo("not-ready");
        assertThat(word(FenceRules.judge(mine, candidate(NEW, "a fault"), order, "us-east")))
                .as("unfit")
                .isEqualTo("not-ready");
        assertThat(word(FenceRules.judge(
                        mine, Optional.empty(), new PeerCall.Order(at(phase("withdrawing", 8))), "us-east")))
                .as("the way back")
                .isEqualTo("follow");
    }

    private static Change change(RootId from, RootId to) {
        return new Change(from, to, new Pace.Careful());
    }

    private static String word(Verdict verdict) {
        return switch (verdict) {
            case Agreed _ -> "agreed";
            case Follow _ -> "follow";
            case Refused(PeerRefusal why, String detail) -> {
                assertThat(detail).as("says what was expected").contains("(expected: ");
                yield why.word();
            }
        };
    }
}
