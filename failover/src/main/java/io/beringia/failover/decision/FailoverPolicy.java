package io.beringia.failover.decision;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.failover.health.Sites;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the mesh wants of its leader.
 *
 * @param tiers where each source may go, in order; one without its own goes to itself, then to all others alike
 * @param switchedOff regions that never move by themselves
 * @param evacuationsMax automatic ones within the window; more is not a fault of regions
 * @param slo a service whose first bytes come sooner, all but one of twenty, is never slow; above 0
 * @param skew whether clients may be sent where something else is enforced
 */
public record FailoverPolicy(
        Sites sites,
        FailoverTiming timing,
        Failback failback,
        SortedMap<RegionId, List<List<RegionId>>> tiers,
        List<RegionId> switchedOff,
        int evacuationsMax,
        Duration slo,
        Skew skew) {
    private static final int EVACUATIONS_MAX = 2;

    /** Where nobody said what is slow. */
    public static final Duration SLO = Duration.ofMillis(200);

    public FailoverPolicy {
        tiers = Collections.unmodifiableSortedMap(new TreeMap<>(tiers));
        switchedOff = List.copyOf(new TreeSet<>(switchedOff));
        if (evacuationsMax < 1) {
            throw new IllegalArgumentException("evacuations: " + evacuationsMax + " (expected: at least 1)");
        }
        if (!slo.isPositive()) {
            throw new IllegalArgumentException("slo: " + slo + " (expected: above 0)");
        }
    }

    /** The defaults. */
    public static FailoverPolicy of(Sites sites, FailoverTiming timing) {
        return new FailoverPolicy(
                sites, timing, Failback.AUTO, new TreeMap<>(), List.of(), EVACUATIONS_MAX, SLO, Skew.WARN);
    }

    /** What becomes of a move to where another policy is enforced before a service. */
    public enum Skew {
        /** People are told. */
        WARN,
        /** It is not made, unless an operator sets the rule aside. */
        BLOCK
    }

    /** Whether a region that is well again comes back by itself. */
    public enum Failback {
        AUTO,
        MANUAL
    }

    List<List<RegionId>> tiersOf(RegionId source) {
        List<List<RegionId>> own = tiers.get(source);
        if (own != null) {
            return own;
        }
        List<RegionId> others = new ArrayList<>(sites.regions());
        others.removeAll(Set.of(source));
        return List.of(List.of(source), others);
    }
}
