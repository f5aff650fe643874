package io.beringia.failover.health;

import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.RegionEvidence.PathReport;
import io.beringia.discovery.catalog.RegionId;
import java.time.Duration;
import java.util.List;

/** What one site says of one region. */
enum SiteVote {
    /** No observer that may be believed. */
    NONE,
    UP,
    /** Reached by some observer, not cleanly by all. */
    REACHED,
    SUSPECT,
    /** Every gateway address refuses, for a second. */
    REFUSED,
    /** Nothing for as long as it takes to judge a region. */
    DOWN;

    /** An older result says how it was. */
    static final Duration FRESH = Duration.ofSeconds(2);

    /** From here an observer is too unwell to judge others. */
    private static final int LOCAL_HEALTH_LIMIT = 3;

    private static final Duration REFUSED_FOR = Duration.ofSeconds(1);
    private static final Duration PATH_DOWN_MIN = Duration.ofMillis(1_500);
    private static final Duration PATH_DOWN_BASE = Duration.ofMillis(1_200);
    private static final Duration REGION_DOWN_MIN = Duration.ofSeconds(3);

    static SiteVote of(SiteEvidence site, RegionId region) {
        List<PathReport> paths = site.evidence().observers().stream()
                .filter(observer -> mayVote(observer, site))
                .flatMap(observer -> observer.paths().stream())
                .filter(path -> path.target().equals(region))
                .toList();
        if (paths.isEmpty()) {
            return NONE;
        }
        if (paths.stream().allMatch(SiteVote::isDown)) {
            return DOWN;
        }
        if (paths.stream().allMatch(SiteVote::isRefused)) {
            return REFUSED;
        }
        if (paths.stream().allMatch(SiteVote::isMissed)) {
            return SUSPECT;
        }
        return paths.stream().allMatch(path -> path.state() == PathState.UP) ? UP : REACHED;
    }

    /** How long a region must be silent on a path of that round trip: twice what takes the path down, at least 3 s. */
    static Duration regionDownAfter(Duration roundTrip) {
        Duration path = longer(PATH_DOWN_MIN, roundTrip.multipliedBy(3).plus(PATH_DOWN_BASE));
        return longer(REGION_DOWN_MIN, path.multipliedBy(2));
    }

    /** Whether any observer of the site spoke lately, well or not. */
    static boolean isObserving(SiteEvidence site) {
        return site.evidence().observers().stream().anyMatch(observer -> site.isYounger(observer.age(), FRESH));
    }

    static boolean mayVote(ObserverReport observer, SiteEvidence site) {
        return site.isYounger(observer.age(), FRESH)
                && observer.localHealth() < LOCAL_HEALTH_LIMIT
                && observer.isControlProbeOk();
    }

    private static boolean isDown(PathReport path) {
        return path.silence().compareTo(regionDownAfter(path.roundTrip())) > 0;
    }

    private static boolean isRefused(PathReport path) {
        return path.isRefusedEverywhere() && path.silence().compareTo(REFUSED_FOR) > 0;
    }

    private static boolean isMissed(PathReport path) {
        return path.state() == PathState.SUSPECT || path.state() == PathState.DOWN;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }
}
