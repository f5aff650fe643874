package io.beringia.failover.decision;

import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.RegionEvidence.TunnelReport;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionPlan;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.health.SiteEvidence;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * New connections into each region since its present step began, as its own gateways count them. A gateway that is heard
 * for the first time counts from what it says then, one that began anew from nothing.
 */
public record Arrivals(SortedMap<RegionId, Step> steps) {
    public static final Arrivals NONE = new Arrivals(new TreeMap<>());

    public Arrivals {
        steps = Collections.unmodifiableSortedMap(new TreeMap<>(steps));
    }

    /**
     * Of one region.
     *
     * @param since when its step began
     * @param counters the last word of each of its gateways
     */
    public record Step(Instant since, SortedMap<String, Long> counters, long gained) {
        public Step {
            counters = Collections.unmodifiableSortedMap(new TreeMap<>(counters));
        }

        private static Step begun(Instant since) {
            return new Step(since, new TreeMap<>(), 0);
        }

        private Step with(SortedMap<String, Long> heard) {
            SortedMap<String, Long> all = new TreeMap<>(counters);
            long more = 0;
            for (Map.Entry<String, Long> now : heard.entrySet()) {
                more += more(Optional.ofNullable(all.put(now.getKey(), now.getValue())), now.getValue());
            }
            return new Step(since, all, gained + more);
        }

        private static long more(Optional<Long> last, long now) {
            return last.map(before -> now >= before ? now - before : now).orElse(0L);
        }
    }

    long into(RegionId region) {
        return Optional.ofNullable(steps.get(region)).map(Step::gained).orElse(0L);
    }

    /** After one more look. Whoever is not heard keeps its place; whose step is another begins anew. */
    public Arrivals after(TrafficPlan plan, List<SiteEvidence> evidence) {
        SortedMap<RegionId, Step> after = new TreeMap<>();
        for (RegionPlan region : plan.regions()) {
            Step step = Optional.ofNullable(steps.get(region.region()))
                    .filter(one -> one.since().equals(region.since()))
                    .orElseGet(() -> Step.begun(region.since()));
            after.put(region.region(), step.with(counters(region.region(), evidence)));
        }
        return new Arrivals(after);
    }

    private static SortedMap<String, Long> counters(RegionId region, List<SiteEvidence> evidence) {
        SortedMap<String, Long> counters = new TreeMap<>();
        evidence.stream()
                .map(SiteEvidence::evidence)
                .filter(site -> site.site().equals(region))
                .map(RegionEvidence::observers)
                .flatMap(List::stream)
                .forEach(observer -> counters.merge(observer.observer(), opened(observer, region), Math::max));
        return counters;
    }

    private static long opened(ObserverReport observer, RegionId region) {
        return observer.tunnels().stream()
                .filter(one -> one.to().equals(region))
                .mapToLong(TunnelReport::opened)
                .sum();
    }
}
