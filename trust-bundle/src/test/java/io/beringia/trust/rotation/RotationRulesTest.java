package io.beringia.trust.rotation;

import static io.beringia.trust.rotation.SeenMesh.BEFORE;
import static io.beringia.trust.rotation.SeenMesh.NEW;
import static io.beringia.trust.rotation.SeenMesh.NOW;
import static io.beringia.trust.rotation.SeenMesh.OLD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.trust.rotation.RotationEvidence.Candidate;
import io.beringia.trust.rotation.RotationPhase.Activating;
import io.beringia.trust.rotation.RotationPhase.Active;
import io.beringia.trust.rotation.RotationPhase.Canary;
import io.beringia.trust.rotation.RotationPhase.Changing;
import io.beringia.trust.rotation.RotationPhase.Draining;
import io.beringia.trust.rotation.RotationPhase.Prepared;
import io.beringia.trust.rotation.RotationPhase.Published;
import io.beringia.trust.rotation.RotationPhase.Publishing;
import io.beringia.trust.rotation.RotationPhase.Retired;
import io.beringia.trust.rotation.RotationPhase.Retiring;
import io.beringia.trust.rotation.RotationPhase.RollingBack;
import io.beringia.trust.rotation.RotationPhase.Stable;
import io.beringia.trust.rotation.RotationPhase.Withdrawing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class RotationRulesTest {
    private static final Stable STABLE = new Stable(OLD, 7);
    private static final Change CAREFUL = new Change(OLD, NEW, new Pace.Careful());
    private static final Change URGENT = CAREFUL.urgent(90);

    private final RotationRules rules = new RotationRules(RotationTiming.DEFAULT);

    @Test
    void goes_from_root_to_root_where_everybody_is_seen_to_follow() {
        assertThat(walk(start()))
                .as("phases with generation, published roots and signers of us-east and us-west")
                .containsExactly(
                        "Prepared 8 a a/a",
                        "Publishing 9 ab a/a",
                        "Published 9 ab a/a",
                        "Canary 9 ab a/a",
                        "Activating 10 ab b/a",
                        "Activating 11 ab b/b",
                        "Active 11 ab b/b",
                        "Draining 11 ab b/b",
                        "Retiring 12 b b/b",
                        "Retired 13 b b/b",
                        "Stable 13 b b/b");
    }

    @Test
    void goes_back_where_everybody_is_seen_to_follow() {
        assertThat(walk(new RollingBack(CAREFUL, 12, BEFORE)))
                .as("from an activated root")
                .containsExactly("RollingBack 12 ab a/a", "Withdrawing 13 a a/a", "Stable 13 a a/a");
    }

    @Test
    void an_emergency_probes_nobody_and_changes_all_clusters_at_once() {
        assertThat(walk(new Publishing(URGENT, 9, BEFORE)))
                .as("phases")
                .containsExactly(
                        "Publishing 9 ab a/a",
                        "Published 9 ab a/a",
                        "Active 10 ab b/b",
                        "Draining 10 ab b/b",
                        "Retiring 11 b b/b",
                        "Retired 12 b b/b",
                        "Stable 12 b b/b");
    }

    @Test
    void rests_while_nothing_changes() {
        assertThat(rules.next(STABLE, new SeenMesh(STABLE).seen(), NOW))
                .as("decision")
                .isEqualTo(new Decision.Rest());
    }

    @Test
    void starts_with_a_fit_root_alone() {
        SeenMesh mesh = new SeenMesh(STABLE);
        mesh.candidate = Optional.empty();
        assertThat(text(rules.start(STABLE, NEW, mesh.seen(), NOW)))
                .as("none made")
                .containsExactly("the next root is fit? bbbbbbbbbbbb: no next root is made");
        mesh.candidate =
                Optional.of(new Candidate(NEW, NOW.plus(Duration.ofDays(100)), Duration.ofDays(90), List.of("SHA-1")));
        assertThat(text(rules.start(STABLE, NEW, mesh.seen(), NOW)))
                .as("unfit")
                .containsExactly(
                        "the next root is fit? bbbbbbbbbbbb (SHA-1): lint, a verifier or a proof of its key speaks against it",
                        "the next root is fit? bbbbbbbbbbbb: ends before two intermediates in a row would");
        assertThat(text(rules.start(STABLE, OLD, mesh.seen(), NOW)))
                .as("the active one")
                .containsExactly("next root: aaaaaaaaaaaa (expected: another one than the active)");
    }

    static Stream<Arguments> ways_back() {
        return Stream.of(
                Arguments.of(new Prepared(CAREFUL, 8, BEFORE), "Stable 8 a a/a"),
                Arguments.of(new Publishing(CAREFUL, 9, BEFORE), "Withdrawing 10 a a/a"),
                Arguments.of(new Published(CAREFUL, 9, BEFORE), "Withdrawing 10 a a/a"),
                Arguments.of(new Canary(CAREFUL, 9, BEFORE), "RollingBack 10 ab a/a"),
                Arguments.of(new Activating(CAREFUL, 10, BEFORE, List.of("us-east")), "RollingBack 11 ab a/a"),
                Arguments.of(new Active(CAREFUL, 11, BEFORE), "RollingBack 12 ab a/a"),
                Arguments.of(new Draining(CAREFUL, 11, BEFORE), "RollingBack 12 ab a/a"),
                Arguments.of(new Retiring(CAREFUL, 12, BEFORE), "(expected: another rotation)"),
                Arguments.of(new Retired(CAREFUL, 13, BEFORE), "(expected: another rotation)"),
                Arguments.of(new RollingBack(CAREFUL, 12, BEFORE), "on the way back already"),
                Arguments.of(new Withdrawing(CAREFUL, 12, BEFORE), "on the way back already"),
                Arguments.of(STABLE, "nothing changes"),
                Arguments.of(new Draining(URGENT, 11, BEFORE), "in wrong hands"));
    }

    @ParameterizedTest
    @MethodSource("ways_back")
    void rolls_back_from_every_phase_in_which_everybody_still_trusts_the_old_root(RotationPhase from, String expected) {
        assertThat(outcome(RotationRules.rollBack(from, NOW)))
                .as("from " + from)
                .contains(expected);
    }

    static Stream<Arguments> emergencies() {
        return Stream.of(
                Arguments.of(new Prepared(CAREFUL, 8, BEFORE), "Prepared 8 a a/a"),
                Arguments.of(new Publishing(CAREFUL, 9, BEFORE), "Publishing 10 ab a/a"),
                Arguments.of(new Published(CAREFUL, 9, BEFORE), "Publishing 10 ab a/a"),
                Arguments.of(new Canary(CAREFUL, 9, BEFORE), "Publishing 10 ab a/a"),
                Arguments.of(new Activating(CAREFUL, 10, BEFORE, List.of("us-east")), "Active 11 ab b/b"),
                Arguments.of(new Active(CAREFUL, 11, BEFORE), "Active 12 ab b/b"),
                Arguments.of(new Draining(CAREFUL, 11, BEFORE), "Active 12 ab b/b"),
                Arguments.of(new Retiring(CAREFUL, 12, BEFORE), "Retiring 12 b b/b"),
                Arguments.of(new Retired(CAREFUL, 13, BEFORE), "denied already"),
                Arguments.of(new RollingBack(CAREFUL, 12, BEFORE), "Publishing 13 ab a/a"),
                Arguments.of(new Withdrawing(CAREFUL, 12, BEFORE), "Publishing 13 ab a/a"),
                Arguments.of(STABLE, "no next root"));
    }

    @ParameterizedTest
    @MethodSource("emergencies")
    void hurries_from_every_phase_and_never_back_to_the_root_that_is_lost(RotationPhase from, String expected) {
        Decision decision = RotationRules.hurry(from, 90, NOW);
        assertThat(outcome(decision)).as("from " + from).contains(expected);
        if (decision instanceof Decision.Advance(Changing to, List<Gate> _)) {
            assertThat(to.change().pace()).as("pace").isEqualTo(new Pace.Urgent(90));
        }
    }

    @Test
    void an_emergency_asks_what_is_never_dropped_and_nothing_else() {
        Set<Gate> asked = Stream.<Changing>of(
                        new Prepared(URGENT, 8, BEFORE),
                        new Publishing(URGENT, 9, BEFORE),
                        new Published(URGENT, 9, BEFORE),
                        new Active(URGENT, 10, BEFORE),
                        new Draining(URGENT, 10, BEFORE),
                        new Retiring(URGENT, 11, BEFORE),
                        new Retired(URGENT, 12, BEFORE))
                .flatMap(phase -> RotationRules.gates(phase).stream())
                .collect(Collectors.toSet());

        assertThat(asked).containsExactlyInAnyOrderElementsOf(RotationRules.neverDropped());
        assertThat(RotationRules.droppedInEmergency())
                .containsExactly(
                        Gate.CLUSTERS,
                        Gate.HANDED_OUT,
                        Gate.MOUNTED,
                        Gate.PARTNERS,
                        Gate.PROBES,
                        Gate.SIGNERS,
                        Gate.SERVING);
    }

    @Test
    void refuses_a_share_that_is_none_and_a_change_that_changes_nothing() {
        assertThatThrownBy(() -> RotationRules.hurry(new Active(CAREFUL, 11, BEFORE), 0, NOW))
                .as("nobody")
                .hasMessage("percent: 0 (expected: 1 to 100)");
        assertThatThrownBy(() -> new Change(OLD, OLD, new Pace.Careful()))
                .as("same root")
                .hasMessage("next root: aaaaaaaaaaaa (expected: another one than the active)");
        assertThatThrownBy(() -> new RootId("AB")).as("no SHA-256").hasMessageContaining("expected: 64 of 0-9, a-f");
    }

    private Prepared start() {
        Decision decision = rules.start(STABLE, NEW, new SeenMesh(STABLE).seen(), NOW);
        assertThat(decision).as("start").isInstanceOf(Decision.Advance.class);
        return new Prepared(CAREFUL, ((Prepared) ((Decision.Advance) decision).to()).generation(), BEFORE);
    }

    /** Each phase as if it stood for two days, and everybody had obeyed it. */
    private List<String> walk(RotationPhase first) {
        List<String> phases = new ArrayList<>();
        RotationPhase phase = first;
        while (phase instanceof Changing) {
            phases.add(text(phase));
            Decision decision = rules.next(phase, new SeenMesh(phase).seen(), NOW);
            assertThat(decision).as("after " + text(phase)).isInstanceOf(Decision.Advance.class);
            phase = aged(((Decision.Advance) decision).to());
        }
        phases.add(text(phase));
        return phases;
    }

    private static RotationPhase aged(RotationPhase phase) {
        return switch (phase) {
            case Stable at -> at;
            case Prepared at -> new Prepared(at.change(), at.generation(), BEFORE);
            case Publishing at -> new Publishing(at.change(), at.generation(), BEFORE);
            case Published at -> new Published(at.change(), at.generation(), BEFORE);
            case Canary at -> new Canary(at.change(), at.generation(), BEFORE);
            case Activating at -> new Activating(at.change(), at.generation(), BEFORE, at.begun());
            case Active at -> new Active(at.change(), at.generation(), BEFORE);
            case Draining at -> new Draining(at.change(), at.generation(), BEFORE);
            case Retiring at -> new Retiring(at.change(), at.generation(), BEFORE);
            case Retired at -> new Retired(at.change(), at.generation(), BEFORE);
            case RollingBack at -> new RollingBack(at.change(), at.generation(), BEFORE);
            case Withdrawing at -> new Withdrawing(at.change(), at.generation(), BEFORE);
        };
    }

    private static String outcome(Decision decision) {
        return decision instanceof Decision.Advance(RotationPhase to, List<Gate> _)
                ? text(to)
                : text(decision).getFirst();
    }

    private static List<String> text(Decision decision) {
        return switch (decision) {
            case Decision.Rest _ -> List.of("rest");
            case Decision.Advance(RotationPhase to, List<Gate> _) -> List.of(text(to));
            case Decision.Hold hold -> hold.text();
            case Decision.Refuse(String why) -> List.of(why);
        };
    }

    private static String text(RotationPhase phase) {
        String roots = phase.published().stream()
                .map(RotationRulesTest::letter)
                .sorted()
                .reduce("", String::concat);
        return phase.getClass().getSimpleName() + " " + phase.generation() + " " + roots + " "
                + letter(phase.signer("us-east")) + "/" + letter(phase.signer("us-west"));
    }

    private static String letter(RootId root) {
        return root.toString().substring(0, 1);
    }
}
