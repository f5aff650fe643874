package io.beringia.failover.decision;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionPlan;
import io.beringia.failover.decision.Decision.Evacuate;
import io.beringia.failover.decision.Decision.Hold;
import io.beringia.failover.decision.Decision.Move;
import io.beringia.failover.decision.Decision.Return;
import io.beringia.failover.decision.Decision.Settle;
import io.beringia.failover.decision.Decision.Shift;
import io.beringia.failover.decision.Decision.Steer;
import io.beringia.failover.decision.FailoverPolicy.Failback;
import io.beringia.failover.health.RegionVerdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the leader does by itself. Fast out, slow back: whoever leaves goes first, whoever returns goes last, and one
 * region makes one step at a time; services come after regions. What is not known never moves anything.
 */
public final class FailoverRules {
    private FailoverRules() {}

    /** Any thread; pure. The most urgent step that no rule blocks. */
    public static Decision decide(Situation now) {
        if (!now.fence().holds()) {
            return new Hold("no fence", List.of(SafetyRule.FENCE));
        }
        List<Guard.Verdict.Blocked> blocked = new ArrayList<>();
        for (Move move : wishes(now)) {
            switch (Guard.check(rules(move), move, now, Set.of())) {
                case Guard.Verdict.Allowed _ -> {
                    return move;
                }
                case Guard.Verdict.Blocked by -> blocked.add(by);
            }
        }
        Optional<Settle> settled = HomeRules.wishes(now).stream().findFirst();
        if (settled.isPresent()) {
            return settled.get();
        }
        for (Steer steer : SteerRules.wishes(now)) {
            Optional<Guard.Verdict.Blocked> by = SteerGuard.objection(steer, now);
            if (by.isEmpty()) {
                return steer;
            }
            blocked.add(by.get());
        }
        return hold(blocked);
    }

    /**
     * What would stand against the next move of each region, for people: against leaving where it serves, against
     * returning where it is away.
     */
    public static SortedMap<RegionId, List<Guard.Verdict.Blocked>> objections(Situation now) {
        SortedMap<RegionId, List<Guard.Verdict.Blocked>> objections = new TreeMap<>();
        for (RegionPlan plan : now.plan().regions()) {
            Move move = imagined(plan);
            objections.put(plan.region(), Guard.objections(rules(move), move, now));
        }
        return objections;
    }

    /** The same for what would not hold it back. */
    public static SortedMap<RegionId, List<Guard.Verdict.Blocked>> warnings(Situation now) {
        SortedMap<RegionId, List<Guard.Verdict.Blocked>> warnings = new TreeMap<>();
        now.plan().regions().forEach(plan -> warnings.put(plan.region(), Guard.warnings(imagined(plan), now)));
        return warnings;
    }

    private static Move imagined(RegionPlan plan) {
        RegionState from = RegionState.of(plan);
        return switch (from) {
            case RegionState.Active _, RegionState.Suspect _, RegionState.Ramping _ ->
                new Evacuate(plan.region(), from, new RegionState.Evacuating(), "imagined");
            case RegionState.Evacuating _,
                    RegionState.Evacuated _,
                    RegionState.Draining _,
                    RegionState.Drained _,
                    RegionState.Probation _ -> new Return(plan.region(), from, new RegionState.Probation(), "imagined");
        };
    }

    private static Hold hold(List<Guard.Verdict.Blocked> blocked) {
        String reason = blocked.isEmpty()
                ? "nothing to do"
                : String.join(
                        "; ",
                        blocked.stream()
                                .map(one -> one.rule() + ": " + one.detail())
                                .distinct()
                                .toList());
        return new Hold(
                reason,
                blocked.stream().map(Guard.Verdict.Blocked::rule).distinct().toList());
    }

    /** What each region would do, the most urgent first; regions of the same urgency in order of name. */
    private static List<Move> wishes(Situation now) {
        return now.plan().regions().stream()
                .filter(region -> !now.isFrozen(region.region()))
                .flatMap(region -> wish(region, now).stream())
                .sorted(Comparator.comparingInt(FailoverRules::urgency))
                .toList();
    }

    private static int urgency(Move move) {
        return switch (move) {
            case Evacuate _ -> 0;
            case Shift _ -> 1;
            case Return _ -> 2;
        };
    }

    private static List<SafetyRule> rules(Move move) {
        return switch (move) {
            case Evacuate _ -> Guard.AUTOMATIC_EXIT;
            case Shift _ -> List.of(SafetyRule.FENCE);
            case Return _ -> Guard.AUTOMATIC_RETURN;
        };
    }

    private static Optional<Move> wish(RegionPlan plan, Situation now) {
        RegionId region = plan.region();
        RegionVerdict verdict = now.verdict(region);
        return switch (RegionState.of(plan)) {
            case RegionState.Active active -> active(region, active, verdict);
            case RegionState.Suspect suspect -> suspect(region, suspect, verdict);
            case RegionState.Evacuating leaving ->
                isOver(plan, now, now.policy().timing().evacuationDeadline())
                        ? Optional.of(new Shift(region, leaving, leaving.emptied(), "empty or at its deadline"))
                        : Optional.empty();
            case RegionState.Draining leaving ->
                isOver(plan, now, now.policy().timing().drainDeadline())
                        ? Optional.of(new Shift(region, leaving, leaving.emptied(), "empty or at its deadline"))
                        : Optional.empty();
            case RegionState.Evacuated away ->
                now.policy().failback() == Failback.AUTO && !now.isWantedAway(region) && RampRules.isHealed(plan, now)
                        ? Optional.of(new Return(region, away, away.restored(), "well for long enough"))
                        : Optional.empty();
            case RegionState.Drained _ -> Optional.empty();
            case RegionState.Probation watched -> probation(plan, watched, verdict, now);
            case RegionState.Ramping ramping -> ramping(plan, ramping, verdict, now);
        };
    }

    private static Optional<Move> active(RegionId region, RegionState.Active active, RegionVerdict verdict) {
        return switch (verdict) {
            case RegionVerdict.Suspected seen ->
                Optional.of(new Shift(region, active, active.suspected(), seen.text()));
            case RegionVerdict.Vetoed seen -> Optional.of(new Shift(region, active, active.suspected(), seen.text()));
            case RegionVerdict.Failing seen -> Optional.of(new Shift(region, active, active.suspected(), seen.text()));
            case RegionVerdict.Healthy _, RegionVerdict.Reached _, RegionVerdict.Unknown _ -> Optional.empty();
        };
    }

    private static Optional<Move> suspect(RegionId region, RegionState.Suspect suspect, RegionVerdict verdict) {
        return switch (verdict) {
            case RegionVerdict.Failing gone ->
                Optional.of(new Evacuate(region, suspect, suspect.failed(), gone.text()));
            case RegionVerdict.Healthy fine ->
                Optional.of(new Shift(region, suspect, suspect.refuted(), "refuted: " + fine.text()));
            case RegionVerdict.Reached fine ->
                Optional.of(new Shift(region, suspect, suspect.refuted(), "refuted: " + fine.text()));
            case RegionVerdict.Suspected _, RegionVerdict.Vetoed _, RegionVerdict.Unknown _ -> Optional.empty();
        };
    }

    private static Optional<Move> probation(
            RegionPlan plan, RegionState.Probation watched, RegionVerdict verdict, Situation now) {
        return switch (verdict) {
            case RegionVerdict.Failing gone ->
                Optional.of(new Shift(plan.region(), watched, watched.failed(), gone.text()));
            case RegionVerdict.Healthy _ ->
                RampRules.isTrusted(plan, now)
                        ? Optional.of(new Return(plan.region(), watched, watched.trusted(), "well in probation"))
                        : Optional.empty();
            case RegionVerdict.Reached _, RegionVerdict.Suspected _, RegionVerdict.Vetoed _, RegionVerdict.Unknown _ ->
                Optional.empty();
        };
    }

    private static Optional<Move> ramping(
            RegionPlan plan, RegionState.Ramping ramping, RegionVerdict verdict, Situation now) {
        return switch (verdict) {
            case RegionVerdict.Failing gone ->
                Optional.of(new Evacuate(plan.region(), ramping, ramping.failed(), gone.text()));
            case RegionVerdict.Healthy _ ->
                RampRules.isStepDone(ramping, plan, now)
                        ? Optional.of(new Return(plan.region(), ramping, ramping.advanced(), "step held"))
                        : Optional.empty();
            case RegionVerdict.Reached _, RegionVerdict.Suspected _, RegionVerdict.Vetoed _, RegionVerdict.Unknown _ ->
                Optional.empty();
        };
    }

    private static boolean isOver(RegionPlan plan, Situation now, Duration deadline) {
        return now.signs(plan.region()).isEmpty()
                || Duration.between(now.since(plan), now.now()).compareTo(deadline) >= 0;
    }
}
