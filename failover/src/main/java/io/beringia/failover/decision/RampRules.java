package io.beringia.failover.decision;

import io.beringia.discovery.catalog.Overlay;
import io.beringia.discovery.catalog.RegionPlan;
import io.beringia.failover.decision.RegionState.Ramping;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The way back: hold, probation, canary, steps. Each asks whether the next may begin; none of them ever hurries. */
public final class RampRules {
    /** Fewer say nothing about errors. */
    private static final long CANARY_CONNECTIONS = 200;

    private RampRules() {}

    /** Whether an evacuated region has been well for twice its outage, within bounds, and has not fallen too often. */
    static boolean isHealed(RegionPlan plan, Situation now) {
        FailoverTiming timing = now.policy().timing();
        int points = Damping.points(plan, now.now(), timing.penaltyHalfLife());
        boolean isSuppressed = Damping.isSuppressed(points, plan.overlays().contains(Overlay.SUPPRESSED));
        Optional<Duration> well = now.memory().healthyFor(plan.region(), now.now());
        return !isSuppressed
                && isSettled(now.signs(plan.region()))
                && well.isPresent()
                && well.get().compareTo(hold(plan, now.now().minus(well.get()), timing)) >= 0;
    }

    /** Twice the outage, within bounds. An outage that began in our future was on another clock: the least. */
    static Duration hold(RegionPlan plan, Instant wellSince, FailoverTiming timing) {
        Duration twice = Duration.between(plan.since(), wellSince).multipliedBy(2);
        Duration least = twice.compareTo(timing.holdMin()) < 0 ? timing.holdMin() : twice;
        return least.compareTo(timing.holdMax()) > 0 ? timing.holdMax() : least;
    }

    /** Whether probes alone have shown enough. */
    static boolean isTrusted(RegionPlan plan, Situation now) {
        return isSettled(now.signs(plan.region()))
                && hasStoodFor(plan, now, now.policy().timing().probation());
    }

    /** Whether a step has lasted and carried enough. */
    static boolean isStepDone(Ramping ramping, RegionPlan plan, Situation now) {
        FailoverTiming timing = now.policy().timing();
        boolean hasLasted = hasStoodFor(plan, now, timing.rampStep());
        return switch (ramping.step()) {
            case CANARY ->
                hasLasted
                        && (now.signs(plan.region()).newConnections() >= CANARY_CONNECTIONS
                                || hasStoodFor(plan, now, timing.canaryMax()));
            case TWENTIETH, QUARTER, HALF, WHOLE -> hasLasted;
        };
    }

    /** Nothing old is left in it, and it could take its traffic. */
    private static boolean isSettled(Situation.Signs signs) {
        return signs.isCurrent() && signs.isReady();
    }

    /** In its phase, and healthy without a break, both for so long. */
    private static boolean hasStoodFor(RegionPlan plan, Situation now, Duration time) {
        boolean isOld = Duration.between(now.since(plan), now.now()).compareTo(time) >= 0;
        return isOld
                && now.memory()
                        .healthyFor(plan.region(), now.now())
                        .filter(well -> well.compareTo(time) >= 0)
                        .isPresent();
    }
}
