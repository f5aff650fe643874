package io.beringia.failover.decision;

import io.beringia.discovery.catalog.PlanOverride;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.failover.decision.Decision.Evacuate;
import io.beringia.failover.decision.Decision.Move;
import io.beringia.failover.decision.Decision.Return;
import io.beringia.failover.decision.Decision.Settle;
import io.beringia.failover.decision.Decision.Shift;
import io.beringia.failover.decision.Decision.Steer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What an operator's wish becomes: a step, a note, or a refusal that names what stands against it. */
public final class OperatorRules {
    /** Nothing that somebody once wanted binds for longer. */
    private static final Duration EXPIRY_MAX = Duration.ofDays(3);

    private OperatorRules() {}

    /** The answer to one wish. */
    public sealed interface Answer {
        /** The region makes this step, and the plan keeps the override; with what people should know of it. */
        record Obeyed(Move move, List<Guard.Verdict.Blocked> warnings) implements Answer {
            public Obeyed {
                warnings = List.copyOf(warnings);
            }
        }

        /** The same of one service there. */
        record Steered(Steer steer) implements Answer {}

        /** The home of a service makes this step, and the plan keeps the override. */
        record Settled(Settle settle) implements Answer {}

        /** The plan keeps the override; no region moves for it. */
        record Noted() implements Answer {}

        record Blocked(SafetyRule rule, String detail) implements Answer {}

        /** It makes no sense where the region stands. */
        record Refused(String why) implements Answer {}
    }

    /** Any thread; pure. */
    public static Answer answer(PlanOverride wish, Situation now) {
        if (wish.hasExpired(now.now()) || wish.expires().isAfter(now.now().plus(EXPIRY_MAX))) {
            return new Answer.Refused(
                    "expires: " + wish.expires() + " (expected: within " + EXPIRY_MAX.toHours() + " h)");
        }
        if (!now.fence().holds()) {
            return new Answer.Blocked(
                    SafetyRule.FENCE, "lease left: " + now.fence().left());
        }
        return switch (wish.verb()) {
            case FREEZE, PIN, PRACTICE -> new Answer.Noted();
            case DRAIN, EVACUATE, RESTORE -> onRegion(wish, now);
        };
    }

    private static Answer onRegion(PlanOverride wish, Situation now) {
        Optional<RegionId> region =
                wish.region().filter(one -> now.plan().region(one).isPresent());
        if (region.isEmpty()) {
            return new Answer.Refused("region: "
                    + wish.region().map(RegionId::name).orElse("none") + " (expected: one of "
                    + now.policy().sites().regions() + ")");
        }
        if (wish.service().isPresent()) {
            return ServiceWishes.answer(wish, wish.service().get(), region.get(), now);
        }
        RegionState state = now.state(region.get());
        return step(wish, region.get(), state)
                .map(move -> guarded(move, wish, now))
                .orElseGet(() -> new Answer.Refused(region.get() + " is " + state.phase()));
    }

    private static Answer guarded(Move move, PlanOverride wish, Situation now) {
        return switch (Guard.check(rules(move), move, now, waived(wish))) {
            case Guard.Verdict.Allowed allowed -> new Answer.Obeyed(move, Guard.warnings(move, now));
            case Guard.Verdict.Blocked by -> new Answer.Blocked(by.rule(), by.detail());
        };
    }

    private static List<SafetyRule> rules(Move move) {
        return switch (move) {
            case Return _ -> Guard.OPERATOR_RETURN;
            case Evacuate _ -> Guard.OPERATOR_EXIT;
            case Shift _ -> Guard.OPERATOR_DRAIN;
        };
    }

    static Set<SafetyRule> waived(PlanOverride wish) {
        Set<SafetyRule> waived = EnumSet.noneOf(SafetyRule.class);
        for (SafetyRule rule : SafetyRule.values()) {
            if (wish.rules().contains(rule.name())) {
                waived.add(rule);
            }
        }
        return waived;
    }

    private static Optional<Move> step(PlanOverride wish, RegionId region, RegionState state) {
        String reason = "operator: " + wish.reason();
        return switch (wish.verb()) {
            case DRAIN -> drain(region, state, reason);
            case EVACUATE -> evacuate(region, state, reason);
            case RESTORE -> restore(region, state, reason);
            case FREEZE, PIN, PRACTICE -> Optional.empty();
        };
    }

    private static Optional<Move> drain(RegionId region, RegionState state, String reason) {
        return switch (state) {
            case RegionState.Active from -> Optional.of(new Shift(region, from, from.draining(), reason));
            case RegionState.Suspect from -> Optional.of(new Shift(region, from, from.draining(), reason));
            case RegionState.Evacuating _,
                    RegionState.Evacuated _,
                    RegionState.Draining _,
                    RegionState.Drained _,
                    RegionState.Probation _,
                    RegionState.Ramping _ -> Optional.empty();
        };
    }

    private static Optional<Move> evacuate(RegionId region, RegionState state, String reason) {
        return switch (state) {
            case RegionState.Active from -> Optional.of(new Evacuate(region, from, from.evacuated(), reason));
            case RegionState.Suspect from -> Optional.of(new Evacuate(region, from, from.failed(), reason));
            case RegionState.Draining from -> Optional.of(new Evacuate(region, from, from.evacuated(), reason));
            case RegionState.Probation from -> Optional.of(new Evacuate(region, from, from.failed(), reason));
            case RegionState.Ramping from -> Optional.of(new Evacuate(region, from, from.failed(), reason));
            case RegionState.Evacuating _, RegionState.Evacuated _, RegionState.Drained _ -> Optional.empty();
        };
    }

    private static Optional<Move> restore(RegionId region, RegionState state, String reason) {
        return switch (state) {
            case RegionState.Evacuated from -> Optional.of(new Return(region, from, from.restored(), reason));
            case RegionState.Drained from -> Optional.of(new Return(region, from, from.restored(), reason));
            case RegionState.Evacuating from -> Optional.of(new Return(region, from, from.aborted(), reason));
            case RegionState.Draining from -> Optional.of(new Return(region, from, from.aborted(), reason));
            case RegionState.Active _, RegionState.Suspect _, RegionState.Probation _, RegionState.Ramping _ ->
                Optional.empty();
        };
    }
}
