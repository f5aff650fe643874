package io.beringia.failover.health;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.Writers;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How one service looks in every region in which anybody asks for it, or has it.
 *
 * @param writers as the most careful of the sites has it, however long ago it said so
 */
public record ServiceSight(SortedMap<RegionId, InRegion> regions, Writers writers) {
    private static final InRegion NOTHING = new InRegion(new ServiceVerdict.Unknown(), Optional.empty(), false, false);

    public ServiceSight {
        regions = Collections.unmodifiableSortedMap(new TreeMap<>(regions));
    }

    /** Of one that any region may serve. */
    public ServiceSight(SortedMap<RegionId, InRegion> regions) {
        this(regions, Writers.MANY);
    }

    /**
     * In one region.
     *
     * @param faultAt when any site last found it gray or slow
     * @param isDoubted what came last speaks for a fault, and not yet loud enough
     * @param isReady the region says now that some of it can serve
     */
    public record InRegion(ServiceVerdict verdict, Optional<Instant> faultAt, boolean isDoubted, boolean isReady) {
        /** Whether more can be sent there: it is ready, and nothing speaks against it. */
        public boolean isWhole() {
            return isReady
                    && !isDoubted
                    && switch (verdict) {
                        case ServiceVerdict.Well _, ServiceVerdict.Unknown _ -> true;
                        case ServiceVerdict.Gray _,
                                ServiceVerdict.Slow _,
                                ServiceVerdict.Disputed _,
                                ServiceVerdict.ApplicationFault _ -> false;
                    };
        }
    }

    public InRegion in(RegionId region) {
        return regions.getOrDefault(region, NOTHING);
    }
}
