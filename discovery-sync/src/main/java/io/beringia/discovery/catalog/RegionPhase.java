package io.beringia.discovery.catalog;

/** Where a region stands in the plan of the leader, in full; {@link RegionStatus} is what a data plane makes of it. */
public enum RegionPhase {
    ACTIVE,
    SUSPECT,
    EVACUATING,
    EVACUATED,
    DRAINING,
    DRAINED,
    PROBATION,
    RAMPING;

    /** Nothing new goes to a region that is leaving, away, or only looked at. */
    public RegionStatus status() {
        return switch (this) {
            case ACTIVE -> RegionStatus.ACTIVE;
            case SUSPECT -> RegionStatus.SUSPECT;
            case RAMPING -> RegionStatus.RAMPING;
            case EVACUATING, EVACUATED, DRAINING, DRAINED, PROBATION -> RegionStatus.OUT;
        };
    }
}
