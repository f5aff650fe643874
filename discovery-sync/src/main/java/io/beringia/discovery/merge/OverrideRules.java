package io.beringia.discovery.merge;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.Shares;
import io.beringia.discovery.catalog.Shares.Share;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A row of the plan and what our own observers see, to the row that our clients are sent by: {@code share * grade}, and
 * what was lost goes home first, then to the other regions by their grades. Where nobody may take it, the plan's row
 * stands unmodified: better an error than an outage of our own making. Pure. Any thread.
 */
final class OverrideRules {
    private OverrideRules() {}

    /**
     * The row to use.
     *
     * @param isPanic something was lost and nobody could take it
     */
    record Composed(Shares row, boolean isPanic) {}

    /**
     * @param takers regions that may be raised: the plan allows it and they have something ready
     * @param own tried first
     */
    static Composed compose(Shares planned, LocalOverrides overrides, Set<RegionId> takers, RegionId own) {
        SortedMap<RegionId, Integer> kept = new TreeMap<>();
        for (Share part : planned.parts()) {
            kept.put(part.region(), lowered(part.tenThousandths(), overrides.grade(part.region())));
        }
        int lost = Shares.WHOLE - sum(kept.values());
        if (lost == 0) {
            return new Composed(planned, false);
        }
        SortedMap<RegionId, Integer> weights = weights(takers, overrides, own);
        if (weights.isEmpty()) {
            return new Composed(planned, true);
        }
        split(lost, weights).forEach((region, more) -> kept.merge(region, more, Integer::sum));
        return new Composed(shares(kept), false);
    }

    private static int lowered(int share, int grade) {
        return share * grade / Shares.WHOLE;
    }

    /** The first tier that can take anything: home while it is whole, or everybody else by grade. */
    private static SortedMap<RegionId, Integer> weights(Set<RegionId> takers, LocalOverrides overrides, RegionId own) {
        SortedMap<RegionId, Integer> weights = new TreeMap<>();
        boolean isHomeWhole = overrides.grade(own) == Shares.WHOLE;
        Set<RegionId> tier = takers.contains(own) && isHomeWhole ? Set.of(own) : takers;
        for (RegionId region : new TreeSet<>(tier)) {
            if (overrides.grade(region) > 0 && (isHomeWhole || !region.equals(own))) {
                weights.put(region, overrides.grade(region));
            }
        }
        return weights;
    }

    /** Whole parts by weight; what rounding leaves goes to the first. */
    private static SortedMap<RegionId, Integer> split(int amount, SortedMap<RegionId, Integer> weights) {
        int total = sum(weights.values());
        SortedMap<RegionId, Integer> parts = new TreeMap<>();
        weights.forEach((region, weight) -> parts.put(region, (int) ((long) amount * weight / total)));
        parts.merge(weights.firstKey(), amount - sum(parts.values()), Integer::sum);
        return parts;
    }

    private static Shares shares(Map<RegionId, Integer> parts) {
        List<Share> shares = new ArrayList<>();
        parts.forEach((region, part) -> shares.add(new Share(region, part)));
        return new Shares(shares);
    }

    private static int sum(Collection<Integer> parts) {
        return parts.stream().mapToInt(Integer::intValue).sum();
    }
}
