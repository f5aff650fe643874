package io.beringia.failover.decision;

import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.health.RegionRules;
import io.beringia.failover.health.RegionVerdict;
import io.beringia.failover.health.ServiceRules;
import io.beringia.failover.health.SiteEvidence;
import io.beringia.failover.health.Trials;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What came in before anything was judged. Everything that is decided follows from it, so whoever keeps it can decide the
 * same once more.
 *
 * @param plan the newest
 * @param published the newest plan that the sites can know; {@link PlanVersion#NONE} while none is published
 * @param memory as it was before this look
 * @param now of the leader's clock, which never steps
 */
public record Inputs(
        TrafficPlan plan,
        PlanVersion published,
        List<SiteEvidence> evidence,
        Memory memory,
        Fence fence,
        FailoverPolicy policy,
        Instant now) {
    public Inputs {
        evidence = List.copyOf(evidence);
    }

    /** Any thread; pure. With everything judged. */
    public Situation situation() {
        SortedMap<RegionId, RegionVerdict> verdicts = new TreeMap<>();
        SortedMap<RegionId, Integer> observing = new TreeMap<>();
        for (RegionId region : policy.sites().regions()) {
            verdicts.put(region, RegionRules.judge(region, policy.sites(), evidence));
            observing.put(region, RegionRules.observing(region, policy.sites(), evidence));
        }
        Arrivals arrivals = memory.arrivals().after(plan, evidence);
        Trials trials = memory.trials().after(evidence, policy.slo(), now);
        return new Situation(
                plan,
                verdicts,
                observing,
                SignRules.signs(published, evidence, arrivals),
                ServiceRules.judge(new ServiceRules.Basis(trials, evidence, plan, memory.leaderSince(), now)),
                memory.seen(verdicts, now).counting(arrivals, trials),
                fence,
                policy,
                now);
    }
}
