package io.beringia.discovery.reflex;

import io.beringia.discovery.catalog.PathRules;
import io.beringia.discovery.catalog.PathStatus;
import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.Shares;
import io.beringia.discovery.merge.LocalOverrides;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What our own observers see, to what our own clients may send where: for one site, without a leader and without anybody
 * else's evidence. Pure. Any thread.
 */
final class ReflexRules {
    /** An older result says how it was. */
    private static final Duration FRESH = Duration.ofSeconds(2);

    /** Of a pause of ours nobody saw more than this. */
    private static final Duration ELAPSED_MAX = Duration.ofSeconds(1);

    /** Best first. An observer on probation gets through, one that suspects does not just now. */
    private static final List<PathStatus> BEST_FIRST =
            List.of(PathStatus.UP, PathStatus.PROBATION, PathStatus.SUSPECT, PathStatus.DOWN);

    private ReflexRules() {}

    /**
     * Where the ways to all regions stand, in order of name. A region that nobody ever reported is not among them.
     */
    record Paths(SortedMap<RegionId, SitePath> byRegion) {
        static final Paths NONE = new Paths(new TreeMap<>());

        LocalOverrides overrides() {
            SortedMap<RegionId, Integer> grades = new TreeMap<>();
            byRegion.forEach((region, path) -> grades.put(region, path.grade()));
            grades.values().removeIf(grade -> grade == Shares.WHOLE);
            return new LocalOverrides(grades);
        }
    }

    /**
     * @param evidence of our own site, with ages of this moment
     * @param elapsed since the last time, at least zero
     */
    static Paths next(Paths paths, RegionEvidence evidence, Duration elapsed) {
        Duration seen = elapsed.compareTo(ELAPSED_MAX) < 0 ? elapsed : ELAPSED_MAX;
        SortedMap<RegionId, PathStatus> best = best(evidence);
        SortedMap<RegionId, SitePath> next = new TreeMap<>(paths.byRegion());
        best.keySet().forEach(region -> next.putIfAbsent(region, new SitePath.Open()));
        next.replaceAll((region, path) -> path.next(Optional.ofNullable(best.get(region)), seen));
        return new Paths(next);
    }

    /** To our own region nobody needs a way. */
    private static SortedMap<RegionId, PathStatus> best(RegionEvidence evidence) {
        SortedMap<RegionId, PathStatus> best = new TreeMap<>();
        evidence.observers().stream()
                .filter(ReflexRules::isValid)
                .flatMap(observer -> observer.paths().stream())
                .filter(path -> !path.target().equals(evidence.site()))
                .forEach(path -> best.merge(path.target(), path.status(), ReflexRules::better));
        return best;
    }

    private static boolean isValid(ObserverReport observer) {
        return observer.age().compareTo(FRESH) < 0
                && observer.localHealth() < PathRules.LOCAL_HEALTH_VOID
                && observer.isControlProbeOk();
    }

    private static PathStatus better(PathStatus one, PathStatus other) {
        return BEST_FIRST.indexOf(one) <= BEST_FIRST.indexOf(other) ? one : other;
    }
}
