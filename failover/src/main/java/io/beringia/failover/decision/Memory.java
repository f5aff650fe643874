package io.beringia.failover.decision;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.failover.health.RegionVerdict;
import io.beringia.failover.health.Trials;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a leader remembers beside the plan. A new one starts without, which only makes it slower to bring regions back.
 *
 * @param leaderSince when it began to watch
 * @param healthySince since when each region that is healthy now has been so without a break
 * @param evacuations when automatic ones were decided, oldest first
 * @param arrivals connections into each region since its step began
 * @param trials how each site fares with each service in each region
 */
public record Memory(
        Instant leaderSince,
        SortedMap<RegionId, Instant> healthySince,
        List<Instant> evacuations,
        Arrivals arrivals,
        Trials trials) {
    public Memory {
        healthySince = Collections.unmodifiableSortedMap(new TreeMap<>(healthySince));
        evacuations = List.copyOf(evacuations);
    }

    public static Memory fresh(Instant now) {
        return new Memory(now, new TreeMap<>(), List.of(), Arrivals.NONE, Trials.NONE);
    }

    /** After one more look. */
    public Memory seen(SortedMap<RegionId, RegionVerdict> verdicts, Instant now) {
        SortedMap<RegionId, Instant> since = new TreeMap<>();
        verdicts.forEach((region, verdict) -> {
            if (verdict instanceof RegionVerdict.Healthy) {
                since.put(region, healthySince.getOrDefault(region, now));
            }
        });
        return new Memory(leaderSince, since, evacuations, arrivals, trials);
    }

    /** With connections and outcomes counted on. */
    public Memory counting(Arrivals more, Trials tried) {
        return new Memory(leaderSince, healthySince, evacuations, more, tried);
    }

    /** After one more automatic evacuation; those that no longer count are forgotten. */
    public Memory evacuated(Instant now, Duration window) {
        List<Instant> counted = new ArrayList<>(evacuations);
        counted.removeIf(at -> !at.plus(window).isAfter(now));
        counted.add(now);
        return new Memory(leaderSince, healthySince, counted, arrivals, trials);
    }

    int evacuationsSince(Instant from) {
        return (int) evacuations.stream().filter(at -> at.isAfter(from)).count();
    }

    /** For how long the region has been healthy without a break; empty if it is not. */
    Optional<Duration> healthyFor(RegionId region, Instant now) {
        return Optional.ofNullable(healthySince.get(region)).map(since -> Duration.between(since, now));
    }
}
