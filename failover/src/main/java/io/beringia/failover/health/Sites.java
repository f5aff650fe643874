package io.beringia.failover.health;

import io.beringia.discovery.catalog.RegionId;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The failure domains of the mesh: regions with traffic and witnesses without, each in order of name. */
public record Sites(List<RegionId> regions, List<RegionId> witnesses) {
    /** Fewer could be one broken observer. */
    private static final int QUORUM_MIN = 2;

    public Sites {
        regions = regions.stream().sorted().toList();
        witnesses = witnesses.stream().sorted().toList();
        long distinct =
                Stream.concat(regions.stream(), witnesses.stream()).distinct().count();
        if (distinct < regions.size() + witnesses.size()) {
            throw new IllegalArgumentException(
                    "sites: " + regions + " and witnesses " + witnesses + " (expected: each site once)");
        }
    }

    /** Every site but that one. */
    public List<RegionId> outside(RegionId region) {
        return Stream.concat(regions.stream(), witnesses.stream())
                .filter(site -> !site.equals(region))
                .sorted(Comparator.naturalOrder())
                .toList();
    }

    /** Whether so many of the sites outside the region may judge it: two, and a majority of them all. */
    public boolean isQuorum(RegionId region, int agreeing) {
        return agreeing >= QUORUM_MIN && agreeing * 2 > outside(region).size();
    }
}
