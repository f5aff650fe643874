package io.beringia.failover;

import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.failover.FailoverConfig.Mode;
import io.beringia.failover.decision.Arrivals;
import io.beringia.failover.decision.FailoverPolicy;
import io.beringia.failover.decision.SignRules;
import io.beringia.failover.decision.Situation;
import io.beringia.failover.health.RegionRules;
import io.beringia.failover.health.RegionVerdict;
import io.beringia.failover.health.SiteEvidence;
import io.beringia.failover.health.Sites;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a decision rests on, gathered at one moment. Any thread. */
record Situations(Controller.Sources sources, FailoverPolicy policy, Mode mode) {
    Situation of(Office now) {
        List<SiteEvidence> evidence = sources.evidence().get();
        Sites sites = policy.sites();
        SortedMap<RegionId, RegionVerdict> verdicts = new TreeMap<>();
        SortedMap<RegionId, Integer> observing = new TreeMap<>();
        for (RegionId region : sites.regions()) {
            verdicts.put(region, RegionRules.judge(region, sites, evidence));
            observing.put(region, RegionRules.observing(region, sites, evidence));
        }
        Instant moment = sources.clock().instant();
        Arrivals arrivals = now.memory().arrivals().after(now.plan(), evidence);
        return new Situation(
                now.plan(),
                verdicts,
                observing,
                SignRules.signs(published(now), evidence, arrivals),
                now.memory().seen(verdicts, moment).counting(arrivals),
                now.term().fence(sources.nanoTime().getAsLong()),
                policy,
                moment);
    }

    private PlanVersion published(Office now) {
        return switch (mode) {
            case AUTO -> now.plan().version();
            case DRY_RUN -> PlanVersion.NONE;
        };
    }
}
