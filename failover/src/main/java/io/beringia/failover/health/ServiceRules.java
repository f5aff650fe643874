package io.beringia.failover.health;

import io.beringia.discovery.catalog.RegionEvidence.Readiness;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionPlan;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePlan;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.discovery.catalog.Writers;
import io.beringia.failover.health.ServiceSight.InRegion;
import io.beringia.failover.health.Trial.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether a service is at fault in a region, or everywhere, or only on some way. A finding counts for a minute; while it is
 * steered, only what was found since its last step.
 */
public final class ServiceRules {
    private static final Duration FINDING_LASTS = Duration.ofMinutes(1);

    private ServiceRules() {}

    /**
     * What a verdict rests on.
     *
     * @param leaderSince when the leader began to watch: what another clock said is counted from here
     */
    public record Basis(
            Trials trials, List<SiteEvidence> evidence, TrafficPlan plan, Instant leaderSince, Instant now) {
        public Basis {
            evidence = List.copyOf(evidence);
        }

        private Instant since(Optional<ServicePlan.State> state) {
            return state.filter(it -> it.phase() != ServicePlan.Phase.HEALTHY)
                    .map(ServicePlan.State::since)
                    .filter(at -> !at.isBefore(leaderSince) && !at.isAfter(now))
                    .orElse(leaderSince);
        }
    }

    /** Any thread; pure. Every service that some site says it has; who is not known by name is not judged. */
    public static SortedMap<ServiceName, ServiceSight> judge(Basis basis) {
        Known known = Known.of(basis);
        SortedMap<ServiceName, ServiceSight> sights = new TreeMap<>();
        names(basis.evidence()).forEach(name -> sights.put(name, sight(name, basis, known)));
        return sights;
    }

    /**
     * The same evidence by what is asked of it for each service in each region, so that a look at a large mesh does not go
     * through all of it each time.
     *
     * @param single services with a single writer, by anybody's word
     * @param ready services with a ready pod, by region, as far as its own word is fresh
     * @param trials by host name of the service, in their order
     */
    private record Known(
            Set<ServiceName> single,
            Map<RegionId, Set<ServiceName>> ready,
            Map<String, List<Map.Entry<Trials.Vantage, Trial>>> trials) {
        static Known of(Basis basis) {
            return new Known(
                    basis.evidence().stream()
                            .flatMap(site -> site.evidence().readiness().stream())
                            .filter(one -> one.writers() == Writers.SINGLE)
                            .map(Readiness::service)
                            .collect(Collectors.toSet()),
                    basis.evidence().stream()
                            .filter(site -> site.held().compareTo(SiteVote.FRESH) < 0)
                            .collect(Collectors.groupingBy(
                                    SiteEvidence::site,
                                    Collectors.flatMapping(
                                            site -> site.evidence().readiness().stream()
                                                    .filter(one -> one.ready() > 0)
                                                    .map(Readiness::service),
                                            Collectors.toSet()))),
                    basis.trials().trials().entrySet().stream()
                            .collect(Collectors.groupingBy(one -> one.getKey().service())));
        }

        Writers writers(ServiceName name) {
            return single.contains(name) ? Writers.SINGLE : Writers.MANY;
        }

        boolean isReady(ServiceName name, RegionId region) {
            return ready.getOrDefault(region, Set.of()).contains(name);
        }

        List<Map.Entry<Trials.Vantage, Trial>> trials(ServiceName name, RegionId region) {
            return trials.getOrDefault(name.hostname(), List.of()).stream()
                    .filter(one -> one.getKey().isOf(name, region))
                    .toList();
        }
    }

    private static List<ServiceName> names(List<SiteEvidence> evidence) {
        return evidence.stream()
                .flatMap(site -> site.evidence().readiness().stream())
                .map(Readiness::service)
                .distinct()
                .sorted()
                .toList();
    }

    private static ServiceSight sight(ServiceName name, Basis basis, Known known) {
        Optional<ServicePlan> plan = basis.plan().service(name);
        SortedMap<RegionId, Standing> standings = new TreeMap<>();
        for (RegionPlan region : basis.plan().regions()) {
            Optional<ServicePlan.State> state = plan.flatMap(one -> one.state(region.region()));
            standings.put(region.region(), Standing.of(known.trials(name, region.region()), state, basis));
        }
        List<RegionId> faulty = regions(standings, Standing::isFaulty);
        boolean isEverywhere = faulty.size() > 1
                && regions(standings, Standing::isFailing).size() > 0
                && standings.values().stream().noneMatch(Standing::isWell);
        SortedMap<RegionId, InRegion> seen = new TreeMap<>();
        standings.forEach((region, standing) -> seen.put(
                region,
                new InRegion(
                        isEverywhere && standing.isFaulty()
                                ? new ServiceVerdict.ApplicationFault(faulty)
                                : standing.verdict(),
                        standing.faultAt(),
                        standing.isDoubted(),
                        known.isReady(name, region))));
        return new ServiceSight(seen, known.writers(name));
    }

    private static List<RegionId> regions(Map<RegionId, Standing> standings, Predicate<Standing> wanted) {
        return standings.entrySet().stream()
                .filter(one -> wanted.test(one.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * In one region, seen for itself.
     *
     * @param isLeft nobody is sent there any more, since it was at fault
     */
    private record Standing(ServiceVerdict verdict, Optional<Instant> faultAt, boolean isDoubted, boolean isLeft) {
        static Standing of(
                List<Map.Entry<Trials.Vantage, Trial>> trials, Optional<ServicePlan.State> state, Basis basis) {
            Instant since = basis.since(state);
            List<RegionId> gray = new ArrayList<>();
            List<RegionId> well = new ArrayList<>();
            List<RegionId> slow = new ArrayList<>();
            Attempts outcomes = Attempts.NONE;
            Pace slowest = Pace.begun(basis.now());
            Optional<Instant> faultAt = Optional.empty();
            boolean isDoubted = false;
            for (Map.Entry<Trials.Vantage, Trial> one : trials) {
                Trial trial = one.getValue();
                faultAt = latest(faultAt, latest(trial.grayAt(), trial.pace().slowAt()));
                isDoubted |= trial.isDoubted();
                Optional<Finding> finding = trial.finding().filter(it -> isValid(it, since, basis.now()));
                if (finding.filter(Finding::isGray).isPresent()) {
                    gray.add(one.getKey().site());
                    outcomes = outcomes.plus(finding.map(Finding::outcomes).orElse(Attempts.NONE));
                } else if (isSlow(trial.pace(), basis.now())) {
                    slow.add(one.getKey().site());
                    slowest = trial.pace().last() > slowest.last() ? trial.pace() : slowest;
                } else if (finding.isPresent()) {
                    well.add(one.getKey().site());
                }
            }
            return new Standing(
                    gray.isEmpty()
                            ? unfailing(slow, well, slowest)
                            : verdict(gray, well, new ServiceVerdict.Gray(gray, outcomes)),
                    faultAt,
                    isDoubted,
                    state.filter(it -> it.phase() == ServicePlan.Phase.UNHEALTHY)
                            .isPresent());
        }

        private static boolean isValid(Finding finding, Instant since, Instant now) {
            return finding.at().isAfter(since)
                    && finding.at().plus(FINDING_LASTS).isAfter(now);
        }

        private static Optional<Instant> latest(Optional<Instant> one, Optional<Instant> other) {
            return Stream.of(one, other).flatMap(Optional::stream).max(Comparator.naturalOrder());
        }

        private static boolean isSlow(Pace pace, Instant now) {
            return pace.isSlow() && pace.since().plus(FINDING_LASTS).isAfter(now);
        }

        private static ServiceVerdict unfailing(List<RegionId> slow, List<RegionId> well, Pace slowest) {
            if (slow.isEmpty()) {
                return well.isEmpty() ? new ServiceVerdict.Unknown() : new ServiceVerdict.Well();
            }
            return verdict(
                    slow,
                    well,
                    new ServiceVerdict.Slow(
                            slow, slowest.last(), slowest.usualMillis().orElse(0)));
        }

        private static ServiceVerdict verdict(List<RegionId> by, List<RegionId> well, ServiceVerdict fault) {
            return well.isEmpty() ? fault : new ServiceVerdict.Disputed(by, well);
        }

        boolean isFailing() {
            return verdict instanceof ServiceVerdict.Gray || verdict instanceof ServiceVerdict.Slow;
        }

        boolean isWell() {
            return verdict instanceof ServiceVerdict.Well;
        }

        boolean isFaulty() {
            return isFailing() || isLeft && verdict instanceof ServiceVerdict.Unknown;
        }
    }
}
