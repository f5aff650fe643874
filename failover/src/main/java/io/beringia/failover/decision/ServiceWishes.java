package io.beringia.failover.decision;

import io.beringia.discovery.catalog.PlanOverride;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePlan;
import io.beringia.discovery.catalog.ServicePlan.Phase;
import io.beringia.failover.decision.Decision.Steer;
import io.beringia.failover.decision.OperatorRules.Answer;
import java.util.Optional;

/**
 * What an operator's wish for one service in one region becomes. It takes the steps that a fault takes, and is not undone
 * while the wish binds: a drain halves the share and {@link SteerRules} take the rest, an evacuation takes all of it at once,
 * and what is restored comes back over a canary. Pure.
 */
final class ServiceWishes {
    private ServiceWishes() {}

    static Answer answer(PlanOverride wish, ServiceName service, RegionId region, Situation now) {
        if (!now.services().containsKey(service)) {
            return new Answer.Refused("service: " + service + " (expected: one that some site exports)");
        }
        if (now.hasSingleWriter(service)) {
            return HomeRules.answer(wish, service, region, now);
        }
        Phase phase = phase(service, region, now);
        Optional<Phase> next = next(wish.verb(), phase);
        if (next.isPresent()) {
            Steer steer = new Steer(service, region, phase, next.get(), "operator: " + wish.reason());
            return SteerGuard.objection(steer, now, OperatorRules.waived(wish))
                    .<Answer>map(by -> new Answer.Blocked(by.rule(), by.detail()))
                    .orElseGet(() -> new Answer.Steered(steer));
        }
        return wish.verb() == PlanOverride.Verb.RESTORE
                        && now.wantedAway(service, region).isEmpty()
                ? new Answer.Refused(service + " in " + region + " is " + phase)
                : new Answer.Noted();
    }

    private static Phase phase(ServiceName service, RegionId region, Situation now) {
        return now.plan()
                .service(service)
                .flatMap(one -> one.state(region))
                .map(ServicePlan.State::phase)
                .orElse(Phase.HEALTHY);
    }

    /** Empty where it stands already as it should. */
    private static Optional<Phase> next(PlanOverride.Verb verb, Phase phase) {
        return switch (verb) {
            case DRAIN ->
                switch (phase) {
                    case HEALTHY, RAMPING -> Optional.of(Phase.DEGRADED);
                    case PROBATION -> Optional.of(Phase.UNHEALTHY);
                    case DEGRADED, UNHEALTHY -> Optional.empty();
                };
            case EVACUATE -> phase == Phase.UNHEALTHY ? Optional.empty() : Optional.of(Phase.UNHEALTHY);
            case RESTORE ->
                switch (phase) {
                    case UNHEALTHY -> Optional.of(Phase.PROBATION);
                    case DEGRADED -> Optional.of(Phase.HEALTHY);
                    case HEALTHY, PROBATION, RAMPING -> Optional.empty();
                };
            case PIN, FREEZE, PRACTICE -> Optional.empty();
        };
    }
}
