package io.beringia.discovery.merge;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.Shares;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What our own clients may send of a region's share, as our own observers see the ways there: for our clients only, and
 * never more than the plan allows.
 *
 * @param grades in ten-thousandths, 0 to 9,999; a region that is not listed keeps its share
 * @param shutGateways gateways of our own that no sibling reaches, by name: our proxies must not go through them
 * @param silent clusters of which there was no sign of life for longer than a lease, and what is told of them
 */
public record LocalOverrides(
        SortedMap<RegionId, Integer> grades, SortedSet<String> shutGateways, SortedMap<ClusterId, StalePolicy> silent) {
    public static final LocalOverrides NONE = of(Map.of());

    public LocalOverrides {
        grades = Collections.unmodifiableSortedMap(new TreeMap<>(grades));
        shutGateways = Collections.unmodifiableSortedSet(new TreeSet<>(shutGateways));
        silent = Collections.unmodifiableSortedMap(new TreeMap<>(silent));
        grades.forEach((region, grade) -> {
            if (grade < 0 || grade >= Shares.WHOLE) {
                throw new IllegalArgumentException(
                        "grade of " + region + ": " + grade + " (expected: 0 to " + (Shares.WHOLE - 1) + ")");
            }
        });
    }

    public static LocalOverrides of(Map<RegionId, Integer> grades) {
        return new LocalOverrides(new TreeMap<>(grades), new TreeSet<>(), new TreeMap<>());
    }

    /** The same while these are silent. */
    public LocalOverrides with(SortedMap<ClusterId, StalePolicy> others) {
        return new LocalOverrides(grades, shutGateways, others);
    }

    /** The same, but that region keeps no more than so much of what it keeps now. */
    LocalOverrides lowered(RegionId region, int grade) {
        if (grade == Shares.WHOLE) {
            return this;
        }
        SortedMap<RegionId, Integer> all = new TreeMap<>(grades);
        all.merge(region, grade, Math::min);
        return new LocalOverrides(all, shutGateways, silent);
    }

    /** What our clients are told of that cluster. */
    public StalePolicy of(ClusterId cluster) {
        return silent.getOrDefault(cluster, StalePolicy.KEEP);
    }

    /** How much of its share that region keeps, 0 to 10,000. */
    public int grade(RegionId region) {
        return grades.getOrDefault(region, Shares.WHOLE);
    }
}
