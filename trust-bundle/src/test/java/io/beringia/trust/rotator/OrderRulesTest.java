package io.beringia.trust.rotator;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.rotation.Change;
import io.beringia.trust.rotation.Pace;
import io.beringia.trust.rotation.RootId;
import io.beringia.trust.rotation.RotationEvidence;
import io.beringia.trust.rotation.RotationEvidence.Candidate;
import io.beringia.trust.rotation.RotationEvidence.Cluster;
import io.beringia.trust.rotation.RotationEvidence.Plane;
import io.beringia.trust.rotation.RotationEvidence.RootsFrom;
import io.beringia.trust.rotation.RotationPhase;
import io.beringia.trust.rotation.RotationRules;
import io.beringia.trust.rotation.RotationTiming;
import io.beringia.trust.rotation.Since;
import io.beringia.trust.rotator.LeadRules.Role;
import io.beringia.trust.rotator.LeadRules.Seat;
import io.beringia.trust.rotator.OrderRules.Answer;
import io.beringia.trust.rotator.OrderRules.Held;
import io.beringia.trust.rotator.OrderRules.Obeyed;
import io.beringia.trust.rotator.OrderRules.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class OrderRulesTest {
    private static final RootId OLD = new RootId("a".repeat(64));
    private static final RootId NEW = new RootId("b".repeat(64));
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final RotationOrder.Author ANN =
            new RotationOrder.Author("spiffe://corp.example/ns/ops/sa/ann", "a test");

    private static final Seat ALONE = Seat.alone("us-east");

    private final OrderRules rules = new OrderRules(new RotationRules(RotationTiming.DEFAULT));

    /** Nobody was seen to do anything; there is one data plane. */
    private static RotationEvidence seen(boolean hasCandidate) {
        return new RotationEvidence(
                hasCandidate
                        ? Optional.of(
                                new Candidate(NEW, NOW.plus(Duration.ofDays(3650)), Duration.ofDays(90), List.of()))
                        : Optional.empty(),
                List.of(new Cluster(
                        "us-east", Set.of(), List.of(), new Since<>(Set.of(), NOW), Instant.EPOCH, Instant.EPOCH)),
                List.of(),
                List.of(new Plane("cart", "beringia", RootsFrom.STREAM, Optional.empty(), List.of())),
                List.of(),
                new Since<>(Set.of(), NOW),
                Set.of(),
                Set.of());
    }

    private static RotationState at(RotationPhase phase) {
        return new RotationState(phase, false, Set.of(), Map.of(), "loop", "gates are open");
    }

    private String allowed(RotationOrder order) {
        return Phases.all(OLD, NEW, 7, NOW).stream()
                .filter(phase -> !(rules.judge(at(phase), order, ANN, ALONE, seen(true), NOW) instanceof Refused))
                .map(RotationPhase::word)
                .collect(Collectors.joining(" "));
    }

    @Test
    void each_order_makes_sense_in_some_phases_only() {
        assertThat(allowed(new RotationOrder.Start(false))).as("start").isEqualTo("stable");
        assertThat(allowed(new RotationOrder.Advance()))
                .as("advance")
                .isEqualTo("prepared publishing published canary activating active draining retiring retired"
                        + " rolling-back withdrawing");
        assertThat(allowed(new RotationOrder.RollBack()))
                .as("rollback")
                .isEqualTo("prepared publishing published canary activating active draining");
        assertThat(allowed(new RotationOrder.Abort())).as("abort").isEqualTo("prepared");
        assertThat(allowed(new RotationOrder.KeyDestroyed()))
                .as("key-destroyed")
                .isEqualTo("retired");
        assertThat(allowed(new RotationOrder.Waive("cart", NOW.plusSeconds(1))))
                .as("waive")
                .isEqualTo("prepared publishing published canary activating active draining retiring retired"
                        + " rolling-back withdrawing");
    }

    @Test
    void an_emergency_begins_wherever_the_lost_root_is_believed_and_by_its_own_id_alone() {
        Pace.Urgent most = new Pace.Urgent(80);
        String everywhere = "stable prepared publishing published canary activating active draining retiring"
                + " rolling-back withdrawing";

        assertThat(allowed(new RotationOrder.Emergency(OLD.toString(), most)))
                .as("as it is shown")
                .isEqualTo(everywhere);
        assertThat(allowed(new RotationOrder.Emergency(OLD.sha256(), most)))
                .as("whole")
                .isEqualTo(everywhere);
        for (String other : List.of("", "a", NEW.toString(), OLD.toString() + " ", "corp.example")) {
            assertThat(allowed(new RotationOrder.Emergency(other, most)))
                    .as(other)
                    .isEmpty();
        }
    }

    @Test
    void an_emergency_from_rest_needs_a_fit_root_and_goes_on_by_itself() {
        RotationOrder wanted = new RotationOrder.Emergency(OLD.toString(), new Pace.Urgent(80));
        RotationState stable = at(new RotationPhase.Stable(OLD, 7));

        assertThat(rules.judge(stable, wanted, ANN, ALONE, seen(true), NOW))
                .isInstanceOfSatisfying(Obeyed.class, it -> {
                    assertThat(it.next().phase())
                            .isEqualTo(new RotationPhase.Prepared(new Change(OLD, NEW, new Pace.Urgent(80)), 8, NOW));
                    assertThat(it.next().by()).isEqualTo(ANN.id());
                });
        assertThat(rules.judge(stable, wanted, ANN, ALONE, seen(false), NOW))
                .isInstanceOfSatisfying(
                        Refused.class, it -> assertThat(it.why()).contains("emergency: ", "rotation.next"));
        RotationState byHand = at(Phases.all(OLD, NEW, 7, NOW).get(2)).byHand(true);
        assertThat(rules.judge(byHand, wanted, ANN, ALONE, seen(true), NOW))
                .isInstanceOfSatisfying(
                        Obeyed.class,
                        it -> assertThat(it.next().isByHand()).as("by hand").isFalse());
    }

    @Test
    void no_order_opens_a_gate() {
        for (RotationPhase phase : Phases.all(OLD, NEW, 7, NOW)) {
            if (!(phase instanceof RotationPhase.Stable)) {
                assertThat(rules.judge(at(phase), new RotationOrder.Advance(), ANN, ALONE, seen(false), NOW))
                        .as(phase.word())
                        .isInstanceOf(Held.class);
            }
        }
    }

    @Test
    void a_rotation_starts_with_who_wanted_it_and_only_to_a_root_that_is_laid_out() {
        RotationState stable = at(new RotationPhase.Stable(OLD, 7));

        Answer started = rules.judge(stable, new RotationOrder.Start(true), ANN, ALONE, seen(true), NOW);

        assertThat(started).isInstanceOfSatisfying(Obeyed.class, it -> {
            assertThat(it.next().phase()).isInstanceOf(RotationPhase.Prepared.class);
            assertThat(it.next().isByHand()).as("by hand").isTrue();
            assertThat(it.next().by()).as("by").isEqualTo(ANN.id());
            assertThat(it.next().reason()).as("reason").isEqualTo("a test");
        });
        assertThat(rules.judge(stable, new RotationOrder.Start(true), ANN, ALONE, seen(false), NOW))
                .isInstanceOfSatisfying(
                        Refused.class, it -> assertThat(it.why()).contains("rotation.next"));
    }

    @Test
    void a_data_plane_is_waived_by_its_name_and_for_a_while() {
        RotationState publishing = at(Phases.all(OLD, NEW, 7, NOW).get(2));
        for (RotationOrder.Waive wrong : List.of(
                new RotationOrder.Waive("web", NOW.plusSeconds(1)),
                new RotationOrder.Waive("cart", NOW),
                new RotationOrder.Waive("cart", NOW.plus(Duration.ofHours(73))))) {
            assertThat(rules.judge(publishing, wrong, ANN, ALONE, seen(true), NOW))
                    .as("%s", wrong)
                    .isInstanceOf(Refused.class);
        }
        Answer waived = rules.judge(
                publishing, new RotationOrder.Waive("cart", NOW.plusSeconds(5)), ANN, ALONE, seen(true), NOW);
        assertThat(waived).isInstanceOfSatisfying(Obeyed.class, it -> {
            assertThat(it.next().waivedAt(NOW)).containsExactly("cart");
            assertThat(it.next().waivedAt(NOW.plusSeconds(5))).as("later").isEmpty();
        });
    }

    @Test
    void orders_are_obeyed_where_the_lead_is_alone() {
        RotationState led = at(new RotationPhase.Stable(OLD, 7)).under(new Lead(3, "us-west"));
        RotationOrder start = new RotationOrder.Start(false);

        assertThat(rules.judge(led, start, ANN, new Seat("us-west", Role.LEADS, 3), seen(true), NOW))
                .as("leads")
                .isInstanceOf(Obeyed.class);
        assertThat(rules.judge(led, start, ANN, new Seat("us-west", Role.CLAIMS, 3), seen(true), NOW))
                .as("wants to")
                .isEqualTo(new Refused("start: not every cluster has promised itself to epoch 3 yet"
                        + " (expected: all; status says which)"));
        assertThat(rules.judge(led, start, ANN, new Seat("us-east", Role.FOLLOWS, 3), seen(true), NOW))
                .as("follows")
                .isEqualTo(new Refused("start: us-west leads (expected: an order to the cluster that does;"
                        + " lead makes it this one)"));
        assertThat(rules.judge(at(led.phase()), start, ANN, new Seat("us-east", Role.FOLLOWS, 0), seen(true), NOW))
                .as("nobody does")
                .isInstanceOf(Refused.class);
    }

    @Test
    void whoever_takes_the_lead_takes_an_epoch_that_nobody_has() {
        RotationState led = at(new RotationPhase.Stable(OLD, 7)).under(new Lead(3, "us-west"));

        Answer taken = rules.judge(
                led, new RotationOrder.TakeLead(), ANN, new Seat("us-east", Role.FOLLOWS, 8), seen(true), NOW);

        assertThat(taken).isEqualTo(new Obeyed(led.under(new Lead(9, "us-east")).because(ANN.id(), ANN.reason())));
        assertThat(rules.judge(led, new RotationOrder.TakeLead(), ANN, ALONE, seen(true), NOW))
                .as("of nobody else")
                .isInstanceOf(Refused.class);
    }
}
