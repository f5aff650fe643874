package io.beringia.failover.operator;

import io.beringia.discovery.catalog.Overlay;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionPlan;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.decision.Decision;
import io.beringia.failover.decision.Fence;
import io.beringia.failover.decision.Guard;
import io.beringia.failover.health.RegionVerdict;
import io.beringia.failover.health.ServiceSight;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a leader last saw and did, for people.
 *
 * @param services how each looks in every region
 * @param objections what stands against the next move of each region, whether anything wants it or not
 * @param warnings what people should know of that move, and what would not hold it back
 * @param decision the last one; most often to hold
 * @param everywhere what lies over every region
 */
public record LeaderView(
        TrafficPlan plan,
        SortedMap<RegionId, RegionVerdict> verdicts,
        SortedMap<ServiceName, ServiceSight> services,
        SortedMap<RegionId, List<Guard.Verdict.Blocked>> objections,
        SortedMap<RegionId, List<Guard.Verdict.Blocked>> warnings,
        Decision decision,
        Fence fence,
        List<Overlay> everywhere) {
    public LeaderView {
        everywhere = List.copyOf(everywhere);
        verdicts = Collections.unmodifiableSortedMap(new TreeMap<>(verdicts));
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
        objections = Collections.unmodifiableSortedMap(new TreeMap<>(objections));
        warnings = Collections.unmodifiableSortedMap(new TreeMap<>(warnings));
    }

    /** What lies over a region by the plan, and because nothing is decided about it now. */
    Set<Overlay> overlays(RegionPlan region) {
        Set<Overlay> overlays = EnumSet.noneOf(Overlay.class);
        overlays.addAll(region.overlays());
        overlays.addAll(everywhere);
        boolean isUnseen = verdicts.get(region.region()) instanceof RegionVerdict.Unknown;
        if (isUnseen || !fence.holds()) {
            overlays.add(Overlay.FROZEN);
        }
        return overlays;
    }

    /** Whether every region stays where it is, as far as anybody knows. */
    public boolean isIdle() {
        return plan.regions().stream().allMatch(region -> switch (region.phase()) {
            case ACTIVE, EVACUATED, DRAINED -> true;
            case SUSPECT, EVACUATING, DRAINING, PROBATION, RAMPING -> false;
        });
    }
}
