package io.beringia.failover;

import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.failover.FailoverConfig.Mode;
import io.beringia.failover.decision.FailoverPolicy;
import io.beringia.failover.decision.Inputs;

/** What a decision rests on, gathered at one moment. Any thread. */
record Situations(Controller.Sources sources, FailoverPolicy policy, Mode mode) {
    Inputs of(Office now) {
        return new Inputs(
                now.plan(),
                published(now),
                sources.evidence().get(),
                now.memory(),
                now.term().fence(sources.nanoTime().getAsLong()),
                policy,
                sources.clock().instant());
    }

    private PlanVersion published(Office now) {
        return switch (mode) {
            case AUTO -> now.plan().version();
            case DRY_RUN -> PlanVersion.NONE;
        };
    }
}
