package io.beringia.failover.decision;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionPhase;
import io.beringia.discovery.catalog.RegionPlan;
import io.beringia.discovery.catalog.ServicePlan;
import io.beringia.failover.decision.Decision.Steer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The safety rules for one service in one region. They stand before the way out; the way back has its own patience. */
final class SteerGuard {
    private static final List<SafetyRule> EXIT = List.of(
            SafetyRule.SINGLE_WRITER,
            SafetyRule.AUTO_SWITCH,
            SafetyRule.WARM_UP,
            SafetyRule.ONE_AT_A_TIME,
            SafetyRule.RATE,
            SafetyRule.ATLEAST_ONE,
            SafetyRule.TRUST,
            SafetyRule.POLICY_SKEW);

    /** An operator knows why and when. */
    private static final List<SafetyRule> OPERATOR_EXIT =
            List.of(SafetyRule.ATLEAST_ONE, SafetyRule.TRUST, SafetyRule.POLICY_SKEW);

    /** More at once is not a fault of services. */
    private static final Duration RATE_WINDOW = Duration.ofMinutes(1);

    /** Long enough to see how a service fares that is sent somewhere again. */
    private static final Duration SETTLING = Duration.ofMinutes(1);

    /** One of so many. */
    private static final int RATE_PART = 10;

    private SteerGuard() {}

    /** Any thread; pure. The first rule that speaks against it. */
    static Optional<Guard.Verdict.Blocked> objection(Steer steer, Situation now) {
        return objection(EXIT, steer, now);
    }

    /** The same of an operator's step, but for those that he sets aside. */
    static Optional<Guard.Verdict.Blocked> objection(Steer steer, Situation now, Set<SafetyRule> waived) {
        return objection(
                OPERATOR_EXIT.stream().filter(rule -> !waived.contains(rule)).toList(), steer, now);
    }

    private static Optional<Guard.Verdict.Blocked> objection(List<SafetyRule> rules, Steer steer, Situation now) {
        return rules.stream()
                .filter(_ -> steer.isExit())
                .flatMap(rule -> detail(rule, steer, now).map(it -> new Guard.Verdict.Blocked(rule, it)).stream())
                .findFirst();
    }

    private static Optional<String> detail(SafetyRule rule, Steer steer, Situation now) {
        String what = steer.service() + " in " + steer.region();
        return switch (rule) {
            case AUTO_SWITCH ->
                unless(!now.policy().switchedOff().contains(steer.region()), steer.region() + " is switched off");
            case WARM_UP ->
                unless(now.hasLookedAround(), "leader since " + now.memory().leaderSince());
            case RATE -> {
                long lately = lately(steer, now);
                yield unless(
                        lately < Math.max(1, now.services().size() / RATE_PART), lately + " services steered lately");
            }
            case ATLEAST_ONE -> unless(takers(steer, now).findAny().isPresent(), what + " is not well elsewhere");
            case TRUST ->
                unless(
                        takers(steer, now).anyMatch(one -> now.signs(one).isTrusted()),
                        "no region to go to is known to prove itself now and for 15 min more");
            case ONE_AT_A_TIME -> settling(steer, now);
            case SINGLE_WRITER ->
                unless(!now.hasSingleWriter(steer.service()), steer.service() + " goes elsewhere by order alone");
            case POLICY_SKEW -> skew(steer, now);
            case FENCE, FRESH, QUORUM, CAPACITY -> Optional.empty();
        };
    }

    /** Any that would get more of it is enough: each site weighs all of them. */
    private static Optional<String> skew(Steer steer, Situation now) {
        return switch (now.policy().skew()) {
            case WARN -> Optional.empty();
            case BLOCK ->
                takers(steer, now)
                        .filter(to -> now.isSkewed(steer.service(), steer.region(), to))
                        .findFirst()
                        .map(to -> steer.service() + " is guarded otherwise in " + to);
        };
    }

    /** Other services that were steered away from somewhere within the window. */
    private static long lately(Steer steer, Situation now) {
        Duration window = now.policy().timing().scaled(RATE_WINDOW);
        return now.plan().services().stream()
                .filter(service -> !service.service().equals(steer.service()))
                .filter(service ->
                        service.states().stream().anyMatch(state -> isAway(state) && isWithin(window, state, now)))
                .count();
    }

    private static boolean isAway(ServicePlan.State state) {
        return state.phase() == ServicePlan.Phase.DEGRADED || state.phase() == ServicePlan.Phase.UNHEALTHY;
    }

    private static boolean isWithin(Duration window, ServicePlan.State state, Situation now) {
        return now.since(state.since()).plus(window).isAfter(now.now());
    }

    /** Where it has just changed for another region, nobody knows yet what came of it. */
    private static Optional<String> settling(Steer steer, Situation now) {
        return now.plan().service(steer.service()).map(ServicePlan::states).orElse(List.of()).stream()
                .filter(state -> !state.region().equals(steer.region()) && isWithin(SETTLING, state, now))
                .map(state -> steer.service() + " in " + state.region() + " is " + state.phase() + " for less than "
                        + SETTLING.toSeconds() + " s")
                .findFirst();
    }

    /** Other regions that serve, have it ready, and of which nothing bad is known. */
    private static Stream<RegionId> takers(Steer steer, Situation now) {
        return now.others(steer.region()).stream()
                .filter(one -> one.phase() == RegionPhase.ACTIVE || one.phase() == RegionPhase.RAMPING)
                .map(RegionPlan::region)
                .filter(region -> isWhole(steer, region, now));
    }

    private static boolean isWhole(Steer steer, RegionId region, Situation now) {
        return now.sight(steer.service()).in(region).isWhole()
                && now.plan()
                        .service(steer.service())
                        .flatMap(one -> one.state(region))
                        .filter(state -> state.phase() != ServicePlan.Phase.HEALTHY)
                        .isEmpty();
    }

    private static Optional<String> unless(boolean isFine, String detail) {
        return isFine ? Optional.empty() : Optional.of(detail);
    }
}
