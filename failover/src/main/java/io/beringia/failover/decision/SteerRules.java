package io.beringia.failover.decision;

import io.beringia.discovery.catalog.PlanOverride;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionPhase;
import io.beringia.discovery.catalog.RegionPlan;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePlan;
import io.beringia.discovery.catalog.ServicePlan.Phase;
import io.beringia.failover.decision.Decision.Steer;
import io.beringia.failover.decision.FailoverPolicy.Failback;
import io.beringia.failover.health.ServiceSight;
import io.beringia.failover.health.ServiceVerdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a service that fails in one region is steered around it, or is slow there: half of its share first, to see whether the fault goes
 * along; the rest when others are well and it still fails, while a slow one keeps its half. Back over a canary, and not while it falls too often. A fault
 * that is everywhere undoes all of it.
 *
 * <pre>
 *  HEALTHY -- gray, slow --> DEGRADED -- gray after 10 s, others well --> UNHEALTHY -- hold, not suppressed --> PROBATION
 *    ^ ^                  |                                            ^    ^                                |  |
 *    | +--- 60 s clean ---+                                            |    +------------- gray -------------+  |
 *    +------------ step held ------------ RAMPING -------- gray -------+          canary held                   |
 *                                            ^------------------------------------------------------------------+
 * </pre>
 */
final class SteerRules {
    /** Long enough to see how those fare who were sent elsewhere. */
    private static final Duration PARTIAL = Duration.ofSeconds(10);

    private SteerRules() {}

    /** What each service would do, in order of name, then of region. */
    static List<Steer> wishes(Situation now) {
        List<Steer> wishes = new ArrayList<>();
        now.services().forEach((service, sight) -> {
            for (RegionPlan region : now.plan().regions()) {
                if (serves(region.phase()) && !now.isFrozen(region.region())) {
                    new At(service, region.region(), sight, now).wish().ifPresent(wishes::add);
                }
            }
        });
        return wishes;
    }

    private static boolean serves(RegionPhase phase) {
        return switch (phase) {
            case ACTIVE, SUSPECT, RAMPING -> true;
            case EVACUATING, EVACUATED, DRAINING, DRAINED, PROBATION -> false;
        };
    }

    /** One service in one region. */
    private record At(ServiceName service, RegionId region, ServiceSight sight, Situation now) {
        Optional<Steer> wish() {
            Phase phase = state().map(ServicePlan.State::phase).orElse(Phase.HEALTHY);
            Optional<PlanOverride> wanted = now.wantedAway(service, region);
            return wanted.isPresent() ? drained(phase, wanted.get()) : byItself(phase);
        }

        /** Half of it first, then the rest, and nothing comes back. */
        private Optional<Steer> drained(Phase phase, PlanOverride wish) {
            return phase == Phase.DEGRADED && hasStood(PARTIAL)
                    ? to(phase, Phase.UNHEALTHY, "operator: " + wish.reason())
                    : Optional.empty();
        }

        private Optional<Steer> byItself(Phase phase) {
            return switch (verdict()) {
                case ServiceVerdict.ApplicationFault everywhere ->
                    phase == Phase.HEALTHY ? Optional.empty() : to(phase, Phase.HEALTHY, everywhere.text());
                case ServiceVerdict.Gray gray -> gray(phase, gray.text());
                case ServiceVerdict.Slow slow ->
                    phase == Phase.HEALTHY ? to(phase, Phase.DEGRADED, slow.text()) : Optional.empty();
                case ServiceVerdict.Well _, ServiceVerdict.Unknown _ -> better(phase);
                case ServiceVerdict.Disputed _ -> Optional.empty();
            };
        }

        private Optional<Steer> gray(Phase phase, String why) {
            return switch (phase) {
                case HEALTHY -> to(phase, Phase.DEGRADED, why);
                case DEGRADED ->
                    hasStood(PARTIAL) && isWellElsewhere() ? to(phase, Phase.UNHEALTHY, why) : Optional.empty();
                case PROBATION, RAMPING -> to(phase, Phase.UNHEALTHY, why);
                case UNHEALTHY -> Optional.empty();
            };
        }

        /** Nobody who asks is no reason to stay away for ever. */
        private Optional<Steer> better(Phase phase) {
            FailoverTiming timing = now.policy().timing();
            return switch (phase) {
                case HEALTHY -> Optional.empty();
                case DEGRADED ->
                    isWell() && mayReturn() && isClean(timing.rampStep())
                            ? to(phase, Phase.HEALTHY, "well for long enough")
                            : Optional.empty();
                case UNHEALTHY ->
                    mayReturn() && hasStood(timing.holdMin())
                            ? to(phase, Phase.PROBATION, "away for long enough")
                            : Optional.empty();
                case PROBATION ->
                    hasHeld(timing.probation()) ? to(phase, Phase.RAMPING, "canary held") : Optional.empty();
                case RAMPING -> hasHeld(timing.rampStep()) ? to(phase, Phase.HEALTHY, "step held") : Optional.empty();
            };
        }

        private boolean hasHeld(Duration step) {
            return isWell() && hasStood(step) || hasStood(now.policy().timing().canaryMax());
        }

        private boolean mayReturn() {
            Duration halfLife = now.policy().timing().penaltyHalfLife();
            return now.policy().failback() == Failback.AUTO
                    && state().filter(it -> Damping.isSuppressed(it, now.now(), halfLife))
                            .isEmpty();
        }

        private boolean isClean(Duration time) {
            return hasStood(time)
                    && sight.in(region)
                            .faultAt()
                            .filter(at -> at.plus(time).isAfter(now.now()))
                            .isEmpty();
        }

        private boolean hasStood(Duration time) {
            Instant since = state().map(it -> now.since(it.since())).orElse(now.now());
            return Duration.between(since, now.now()).compareTo(time) >= 0;
        }

        private boolean isWell() {
            return verdict() instanceof ServiceVerdict.Well;
        }

        private boolean isWellElsewhere() {
            return now.others(region).stream()
                    .anyMatch(one -> sight.in(one.region()).verdict() instanceof ServiceVerdict.Well);
        }

        private ServiceVerdict verdict() {
            return sight.in(region).verdict();
        }

        private Optional<ServicePlan.State> state() {
            return now.plan().service(service).flatMap(one -> one.state(region));
        }

        private Optional<Steer> to(Phase from, Phase to, String reason) {
            return Optional.of(new Steer(service, region, from, to, reason));
        }
    }
}
