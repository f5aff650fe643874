package io.beringia.discovery.reflex;

import io.beringia.discovery.catalog.PathRules;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.Shares;
import io.beringia.discovery.merge.LocalOverrides;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

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
    private static final List<PathState> BEST_FIRST =
            List.of(PathState.UP, PathState.PROBATION, PathState.SUSPECT, PathState.DOWN);

    private static final SitePath OPEN = new SitePath.Open();

    private ReflexRules() {}

    /**
     * Where all ways stand, in order of name. What nobody ever reported is not among them.
     *
     * @param byRegion to other regions
     * @param byGateway from a gateway of ours to its siblings
     */
    record Paths(SortedMap<RegionId, SitePath> byRegion, SortedMap<String, SitePath> byGateway) {
        static final Paths NONE = new Paths(new TreeMap<>(), new TreeMap<>());

        LocalOverrides overrides() {
            SortedMap<RegionId, Integer> grades = new TreeMap<>();
            byRegion.forEach((region, path) -> grades.put(region, path.grade()));
            grades.values().removeIf(grade -> grade == Shares.WHOLE);
            SortedSet<String> shut = new TreeSet<>(byGateway.keySet());
            shut.removeIf(gateway -> byGateway.getOrDefault(gateway, OPEN).grade() > 0);
            return new LocalOverrides(grades, shut, new TreeMap<>());
        }
    }

    /**
     * @param evidence of our own site, with ages of this moment
     * @param elapsed since the last time, at least zero
     */
    static Paths next(Paths paths, RegionEvidence evidence, Duration elapsed) {
        Duration seen = elapsed.compareTo(ELAPSED_MAX) < 0 ? elapsed : ELAPSED_MAX;
        return new Paths(
                next(paths.byRegion(), regions(evidence), seen), next(paths.byGateway(), siblings(evidence), seen));
    }

    private static <K> SortedMap<K, SitePath> next(
            SortedMap<K, SitePath> before, SortedMap<K, PathState> best, Duration seen) {
        SortedMap<K, SitePath> next = new TreeMap<>(before);
        best.keySet().forEach(target -> next.putIfAbsent(target, OPEN));
        next.replaceAll((target, path) -> path.next(Optional.ofNullable(best.get(target)), seen));
        return next;
    }

    /** To our own region nobody needs a way. */
    private static SortedMap<RegionId, PathState> regions(RegionEvidence evidence) {
        SortedMap<RegionId, PathState> best = new TreeMap<>();
        evidence.observers().stream()
                .filter(ReflexRules::isValid)
                .flatMap(observer -> observer.paths().stream())
                .filter(path -> !path.target().equals(evidence.site()))
                .forEach(path -> best.merge(path.target(), path.state(), ReflexRules::better));
        return best;
    }

    /** A third target has no say here: while all other regions are away, siblings must still be judged. */
    private static SortedMap<String, PathState> siblings(RegionEvidence evidence) {
        SortedMap<String, PathState> best = new TreeMap<>();
        evidence.observers().stream()
                .filter(ReflexRules::isWell)
                .flatMap(observer -> observer.siblings().stream())
                .forEach(sibling -> best.merge(sibling.gateway(), sibling.state(), ReflexRules::better));
        return best;
    }

    private static boolean isValid(ObserverReport observer) {
        return isWell(observer) && observer.isControlProbeOk();
    }

    private static boolean isWell(ObserverReport observer) {
        return observer.age().compareTo(FRESH) < 0 && observer.localHealth() < PathRules.LOCAL_HEALTH_VOID;
    }

    private static PathState better(PathState one, PathState other) {
        return BEST_FIRST.indexOf(one) <= BEST_FIRST.indexOf(other) ? one : other;
    }
}
