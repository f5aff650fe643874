package io.beringia.failover.decision;

import io.beringia.discovery.catalog.PlanOverride;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionPhase;
import io.beringia.discovery.catalog.RegionPlan;
import io.beringia.discovery.catalog.ServiceHome;
import io.beringia.discovery.catalog.ServiceHome.Standing;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePlan;
import io.beringia.discovery.catalog.Writers;
import io.beringia.failover.decision.Decision.Appoint;
import io.beringia.failover.decision.Decision.Open;
import io.beringia.failover.decision.Decision.Release;
import io.beringia.failover.decision.Decision.Settle;
import io.beringia.failover.decision.FailoverPolicy.Skew;
import io.beringia.failover.decision.OperatorRules.Answer;
import io.beringia.failover.decision.Situation.Hosting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Where a service with a single writer is served: in one region, which changes by order alone. Whatever is silent, fails or
 * is evacuated, it stays there; and it never comes back by itself. Pure.
 *
 * <pre>
 *                 the only region that has it            everybody has acknowledged
 *  no home --------------------------------> AWAITED(r) ----------------------------> OPEN(r)
 *     ^                                       |    ^                                     |
 *     |                                       +----+---- order: evacuate r, restore s ---+
 *     +---------------- nobody says any more that it has a single writer ----------------+
 * </pre>
 *
 * While a home is awaited nobody is sent anywhere, so clients of two plans never meet two regions that serve it.
 */
final class HomeRules {
    private HomeRules() {}

    /** What each such service would do by itself, in order of name. */
    static List<Settle> wishes(Situation now) {
        Set<ServiceName> names = new TreeSet<>(now.services().keySet());
        now.plan().services().stream()
                .filter(one -> one.home().isPresent())
                .map(ServicePlan::service)
                .forEach(names::add);
        return names.stream()
                .filter(now::hasSingleWriter)
                .flatMap(service -> wish(service, now).stream())
                .toList();
    }

    /** What an operator's wish for one of them becomes. A drain is an evacuation: half a writer there is not. */
    static Answer answer(PlanOverride wish, ServiceName service, RegionId region, Situation now) {
        Optional<RegionId> home = now.home(service).map(ServiceHome::region);
        return switch (wish.verb()) {
            case DRAIN, EVACUATE ->
                home.filter(region::equals).isPresent()
                        ? away(wish, service, region, now)
                        : new Answer.Refused(service + " is at home in "
                                + home.map(RegionId::name).orElse("no region") + " (expected: " + region + ")");
            case RESTORE ->
                now.home(service).filter(it -> it.isOpen(region)).isPresent()
                        ? new Answer.Refused(service + " is at home in " + region + " already")
                        : to(region, wish, service, now);
            case PIN, FREEZE, PRACTICE -> new Answer.Noted();
        };
    }

    /** Opening ends what somebody ordered, so it waits neither for a warm-up nor for a thaw. */
    private static Optional<Settle> wish(ServiceName service, Situation now) {
        Optional<ServiceHome> home = now.home(service);
        if (home.isEmpty()) {
            return mayDecide(now) ? only(service, now) : Optional.empty();
        }
        return switch (home.get().standing()) {
            case AWAITED -> opened(service, home.get(), hostings(now).allMatch(Hosting::isFollowed));
            case HURRIED -> opened(service, home.get(), isFollowedAsHeard(home.get(), now));
            case OPEN -> mayDecide(now) ? released(service, home.get().region(), now) : Optional.empty();
        };
    }

    private static Optional<Settle> opened(ServiceName service, ServiceHome home, boolean isLeft) {
        return isLeft ? Optional.of(new Open(service, home.region(), home.reason())) : Optional.empty();
    }

    /** No client of whom we hear follows an older plan; of the others a person has said that they do not matter. */
    private static boolean isFollowedAsHeard(ServiceHome home, Situation now) {
        return now.signs(home.region()).hosting().isFollowed()
                && now.plan().regions().stream()
                        .map(RegionPlan::region)
                        .filter(region -> now.signs().containsKey(region))
                        .allMatch(region -> now.signs(region).hosting().isFollowed());
    }

    private static boolean mayDecide(Situation now) {
        return now.hasLookedAround()
                && now.plan().regions().stream().noneMatch(one -> now.isFrozen(one.region()))
                && hostings(now).allMatch(Hosting::isLive);
    }

    /** With pods in two regions only a person knows which of them has the data. */
    private static Optional<Settle> only(ServiceName service, Situation now) {
        List<RegionId> having = now.plan().regions().stream()
                .map(RegionPlan::region)
                .filter(region -> now.signs(region).hosting().populated().contains(service))
                .toList();
        return having.size() == 1
                ? Optional.of(new Appoint(
                        service,
                        Optional.empty(),
                        having.getFirst(),
                        Standing.AWAITED,
                        "the only region in which it has pods"))
                : Optional.empty();
    }

    /** Its home itself must say so: who does not export it says nothing of it. */
    private static Optional<Settle> released(ServiceName service, RegionId home, Situation now) {
        return now.signs(home).hosting().exported().contains(service)
                        && now.sight(service).writers() == Writers.MANY
                ? Optional.of(new Release(service, home, "nobody says that it has a single writer"))
                : Optional.empty();
    }

    private static Stream<Hosting> hostings(Situation now) {
        return now.plan().regions().stream().map(one -> now.signs(one.region()).hosting());
    }

    /** To the first of those that the region's own clients would go to next. */
    private static Answer away(PlanOverride wish, ServiceName service, RegionId region, Situation now) {
        List<Answer> answers = new ArrayList<>();
        now.policy().tiersOf(region).stream()
                .flatMap(List::stream)
                .filter(one -> !one.equals(region))
                .forEach(one -> answers.add(to(one, wish, service, now)));
        return answers.stream()
                .filter(Answer.Settled.class::isInstance)
                .findFirst()
                .orElseGet(() -> answers.isEmpty()
                        ? new Answer.Blocked(SafetyRule.ATLEAST_ONE, "no other region")
                        : answers.getFirst());
    }

    private static Answer to(RegionId region, PlanOverride wish, ServiceName service, Situation now) {
        Set<SafetyRule> waived = OperatorRules.waived(wish);
        if (!isWell(region, service, now) && !waived.contains(SafetyRule.ATLEAST_ONE)) {
            return new Answer.Blocked(SafetyRule.ATLEAST_ONE, service + " is not well in " + region);
        }
        if (!now.signs(region).isTrusted() && !waived.contains(SafetyRule.TRUST)) {
            return new Answer.Blocked(
                    SafetyRule.TRUST, region + " is not known to prove itself now and for 15 min more");
        }
        boolean isSkewed = now.home(service)
                .filter(home -> now.isSkewed(service, home.region(), region))
                .isPresent();
        if (isSkewed && now.policy().skew() == Skew.BLOCK && !waived.contains(SafetyRule.POLICY_SKEW)) {
            return new Answer.Blocked(SafetyRule.POLICY_SKEW, service + " is guarded otherwise in " + region);
        }
        return new Answer.Settled(new Appoint(
                service,
                now.home(service).map(ServiceHome::region),
                region,
                waived.contains(SafetyRule.SINGLE_WRITER) ? Standing.HURRIED : Standing.AWAITED,
                "operator: " + wish.reason()));
    }

    private static boolean isWell(RegionId region, ServiceName service, Situation now) {
        return now.plan()
                        .region(region)
                        .map(RegionPlan::phase)
                        .filter(phase -> phase == RegionPhase.ACTIVE || phase == RegionPhase.RAMPING)
                        .isPresent()
                && now.sight(service).in(region).isWhole();
    }
}
