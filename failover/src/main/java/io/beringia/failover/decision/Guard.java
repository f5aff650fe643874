package io.beringia.failover.decision;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionPhase;
import io.beringia.discovery.catalog.RegionPlan;
import io.beringia.failover.decision.Decision.Move;
import io.beringia.failover.health.RegionVerdict;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The safety rules: which of them a move must pass, and the first that it does not. */
public final class Guard {
    /** A region goes away by itself. */
    public static final List<SafetyRule> AUTOMATIC_EXIT = List.of(
            SafetyRule.FENCE,
            SafetyRule.FRESH,
            SafetyRule.QUORUM,
            SafetyRule.AUTO_SWITCH,
            SafetyRule.RATE,
            SafetyRule.ATLEAST_ONE,
            SafetyRule.TRUST,
            SafetyRule.ONE_AT_A_TIME);

    /** A region comes back by itself. */
    public static final List<SafetyRule> AUTOMATIC_RETURN = List.of(
            SafetyRule.FENCE, SafetyRule.AUTO_SWITCH, SafetyRule.WARM_UP, SafetyRule.TRUST, SafetyRule.ONE_AT_A_TIME);

    /** An operator sends a region away at once: short of capacity is better than gone. */
    public static final List<SafetyRule> OPERATOR_EXIT =
            List.of(SafetyRule.FENCE, SafetyRule.ATLEAST_ONE, SafetyRule.TRUST, SafetyRule.ONE_AT_A_TIME);

    /** An operator sends a region away in peace. */
    public static final List<SafetyRule> OPERATOR_DRAIN = List.of(
            SafetyRule.FENCE,
            SafetyRule.ATLEAST_ONE,
            SafetyRule.TRUST,
            SafetyRule.ONE_AT_A_TIME,
            SafetyRule.CAPACITY,
            SafetyRule.SINGLE_WRITER);

    /** What speaks against sending a region away at once without holding it back. */
    private static final List<SafetyRule> EXIT_WARNINGS =
            List.of(SafetyRule.CAPACITY, SafetyRule.POLICY_SKEW, SafetyRule.SINGLE_WRITER);

    /** The same of sending it away in peace, where a want of capacity does hold it back. */
    private static final List<SafetyRule> DRAIN_WARNINGS = List.of(SafetyRule.POLICY_SKEW);

    /** An operator brings a region back: into probation, where nobody is sent; each later step is guarded by itself. */
    public static final List<SafetyRule> OPERATOR_RETURN = List.of(SafetyRule.FENCE, SafetyRule.ONE_AT_A_TIME);

    /** One alone could be the one that is cut off. */
    private static final int OBSERVING_MIN = 2;

    /** Whoever reads that many names looks for the rest himself. */
    private static final int NAMES_CHARACTERS_MAX = 300;

    private Guard() {}

    /** The answer to one move. */
    public sealed interface Verdict {
        record Allowed() implements Verdict {}

        /** The first rule that speaks against it, and what it says. */
        record Blocked(SafetyRule rule, String detail) implements Verdict {}
    }

    /** Any thread; pure. The rules in their order, without those that are set aside; the fence cannot be. */
    public static Verdict check(List<SafetyRule> rules, Move move, Situation situation, Set<SafetyRule> waived) {
        return objections(rules, move, situation).stream()
                .filter(blocked -> !blocked.rule().isWaivable() || !waived.contains(blocked.rule()))
                .<Verdict>map(blocked -> blocked)
                .findFirst()
                .orElseGet(Verdict.Allowed::new);
    }

    /** Any thread; pure. What people should know of a move that is made all the same. */
    public static List<Verdict.Blocked> warnings(Move move, Situation situation) {
        return switch (move) {
            case Decision.Evacuate _ -> found(warning(EXIT_WARNINGS, situation), move, situation);
            case Decision.Shift _ ->
                isExit(move) ? found(warning(DRAIN_WARNINGS, situation), move, situation) : List.of();
            case Decision.Return _ -> List.of();
        };
    }

    private static boolean isExit(Move move) {
        return move instanceof Decision.Evacuate || move.to() instanceof RegionState.Draining;
    }

    /** What holds a move back does not warn of it as well. */
    private static List<SafetyRule> warning(List<SafetyRule> rules, Situation situation) {
        return switch (situation.policy().skew()) {
            case WARN -> rules;
            case BLOCK ->
                rules.stream().filter(rule -> rule != SafetyRule.POLICY_SKEW).toList();
        };
    }

    private static List<SafetyRule> blocking(List<SafetyRule> rules, Move move, Situation situation) {
        return switch (situation.policy().skew()) {
            case WARN -> rules;
            case BLOCK ->
                isExit(move)
                        ? Stream.concat(rules.stream(), Stream.of(SafetyRule.POLICY_SKEW))
                                .toList()
                        : rules;
        };
    }

    /** Everything that speaks against a move, in the order of the rules. */
    static List<Verdict.Blocked> objections(List<SafetyRule> rules, Move move, Situation situation) {
        return found(blocking(rules, move, situation), move, situation);
    }

    private static List<Verdict.Blocked> found(List<SafetyRule> rules, Move move, Situation situation) {
        return rules.stream()
                .<Verdict.Blocked>mapMulti((rule, sink) -> objection(rule, move, situation)
                        .ifPresent(detail -> sink.accept(new Verdict.Blocked(rule, detail))))
                .toList();
    }

    private static Optional<String> objection(SafetyRule rule, Move move, Situation now) {
        return switch (rule) {
            case FENCE ->
                unless(now.fence().holds(), "lease left: " + now.fence().left());
            case FRESH ->
                unless(
                        now.observing(move.region()) >= OBSERVING_MIN,
                        now.observing(move.region()) + " sites outside have a fresh observer (expected: "
                                + OBSERVING_MIN + ")");
            case QUORUM ->
                unless(
                        now.verdict(move.region()) instanceof RegionVerdict.Failing,
                        now.verdict(move.region()).text());
            case AUTO_SWITCH ->
                unless(!now.policy().switchedOff().contains(move.region()), move.region() + " is switched off");
            case RATE -> rate(now);
            case ATLEAST_ONE ->
                unless(
                        now.others(move.region()).stream().anyMatch(one -> serves(one) && !isMissed(one, now)),
                        "no other region serves");
            case TRUST ->
                unless(
                        destinations(move, now).anyMatch(one -> now.signs(one).isTrusted()),
                        "no region to go to is known to prove itself now and for 15 min more");
            case ONE_AT_A_TIME -> oneAtATime(move, now);
            case CAPACITY ->
                unless(
                        now.others(move.region()).stream()
                                .anyMatch(one ->
                                        serves(one) && now.signs(one.region()).isReady()),
                        "no other region that serves is known to have enough pods ready");
            case POLICY_SKEW -> skew(move, now);
            case SINGLE_WRITER -> homes(move, now);
            case WARM_UP ->
                unless(now.hasLookedAround(), "leader since " + now.memory().leaderSince());
        };
    }

    /** Where clients would go. */
    private static Stream<RegionId> destinations(Move move, Situation now) {
        return move instanceof Decision.Return
                ? Stream.of(move.region())
                : now.others(move.region()).stream().filter(Guard::serves).map(RegionPlan::region);
    }

    /** What is weaker no digest tells; what nobody knows is not held against anybody. */
    private static Optional<String> skew(Move move, Situation now) {
        return destinations(move, now)
                .flatMap(to -> now.signs(to).guards().keySet().stream()
                        .filter(service -> now.isSkewed(service, move.region(), to))
                        .map(service -> service + " is guarded otherwise in " + to))
                .reduce((first, more) -> first + "; " + more)
                .map(Guard::shortened);
    }

    /** Services that stay behind when the region goes: nobody reaches them until somebody sends them elsewhere. */
    private static Optional<String> homes(Move move, Situation now) {
        return now.plan().services().stream()
                .filter(one -> one.home()
                        .filter(home -> home.region().equals(move.region()))
                        .isPresent())
                .map(one -> one.service().toString())
                .reduce((first, more) -> first + ", " + more)
                .map(names -> shortened("at home in " + move.region() + ": " + names));
    }

    private static String shortened(String names) {
        return names.length() <= NAMES_CHARACTERS_MAX ? names : names.substring(0, NAMES_CHARACTERS_MAX) + "…";
    }

    private static Optional<String> rate(Situation now) {
        int lately = now.memory()
                .evacuationsSince(now.now().minus(now.policy().timing().rateWindow()));
        return unless(lately < now.policy().evacuationsMax(), lately + " evacuations lately");
    }

    private static Optional<String> oneAtATime(Move move, Situation now) {
        Optional<RegionPlan> moving = now.others(move.region()).stream()
                .filter(one -> isInTheWay(one.phase(), move))
                .findFirst();
        if (moving.isPresent()) {
            RegionPlan other = moving.get();
            return Optional.of(other.region() + " is " + other.phase());
        }
        long away =
                now.others(move.region()).stream().filter(one -> !serves(one)).count() + 1;
        return unless(
                move instanceof Decision.Return
                        || away * 2 <= now.plan().regions().size(),
                away + " of " + now.plan().regions().size() + " regions would be away");
    }

    /** A ramp never keeps another region from leaving. */
    private static boolean isInTheWay(RegionPhase phase, Move move) {
        return switch (phase) {
            case EVACUATING -> true;
            case RAMPING -> move instanceof Decision.Return;
            case ACTIVE, SUSPECT, EVACUATED, DRAINING, DRAINED, PROBATION -> false;
        };
    }

    /** A ramping region counts: it gets what the demand needs once nobody else is left. */
    private static boolean serves(RegionPlan plan) {
        return plan.phase() == RegionPhase.ACTIVE || plan.phase() == RegionPhase.RAMPING;
    }

    /** Nothing known is no reason to doubt: from inside of the last region nobody else can judge it. */
    private static boolean isMissed(RegionPlan plan, Situation now) {
        return switch (now.verdict(plan.region())) {
            case RegionVerdict.Suspected _, RegionVerdict.Vetoed _, RegionVerdict.Failing _ -> true;
            case RegionVerdict.Healthy _, RegionVerdict.Reached _, RegionVerdict.Unknown _ -> false;
        };
    }

    private static Optional<String> unless(boolean isFine, String detail) {
        return isFine ? Optional.empty() : Optional.of(detail);
    }
}
