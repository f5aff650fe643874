package io.beringia.failover.health;

import io.beringia.discovery.catalog.OutcomeReport;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How every site fares with every service in every region, from the counts that its gateways report. Counts that are heard
 * for the first time are where counting begins; so are those of an observer that may be believed again. What goes over a
 * way that is not UP says nothing of its other end.
 *
 * @param counters as they were last said
 */
public record Trials(SortedMap<Place, Counts> counters, SortedMap<Vantage, Trial> trials) {
    public static final Trials NONE = new Trials(new TreeMap<>(), new TreeMap<>());

    /** More would make records of decisions too large for the ledger; those that were judged first stay. */
    static final int TRIALS_MAX = 256;

    private static final Duration REMEMBERED = Duration.ofHours(1);

    public Trials {
        counters = Collections.unmodifiableSortedMap(new TreeMap<>(counters));
        trials = Collections.unmodifiableSortedMap(new TreeMap<>(trials));
    }

    /** Whose outcomes are judged together. */
    public record Vantage(String service, RegionId region, RegionId site) implements Comparable<Vantage> {
        private static final Comparator<Vantage> ORDER = Comparator.comparing(Vantage::service)
                .thenComparing(Vantage::region)
                .thenComparing(Vantage::site);

        boolean isOf(ServiceName name, RegionId where) {
            return service.equals(name.hostname()) && region.equals(where);
        }

        @Override
        public int compareTo(Vantage other) {
            return ORDER.compare(this, other);
        }
    }

    /** Where something is counted. */
    public record Place(String observer, String endpoint, Vantage vantage) implements Comparable<Place> {
        private static final Comparator<Place> ORDER = Comparator.comparing(Place::observer)
                .thenComparing(Place::endpoint)
                .thenComparing(Place::vantage);

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }
    }

    /**
     * After one more look; the same evidence again changes nothing.
     *
     * @param slo a first byte that comes sooner is not slow
     */
    public Trials after(List<SiteEvidence> evidence, Duration slo, Instant now) {
        SortedMap<Place, Counts> heard = new TreeMap<>();
        SortedMap<Vantage, News> news = new TreeMap<>();
        for (SiteEvidence site : evidence) {
            for (ObserverReport observer : site.evidence().observers()) {
                if (SiteVote.mayVote(observer, site)) {
                    observer.outcomes().stream()
                            .filter(one -> isSeen(observer, site.site(), one.to()))
                            .forEach(one -> hear(place(site.site(), observer, one), one, heard, news));
                }
            }
        }
        SortedMap<Vantage, Trial> next = new TreeMap<>(trials);
        next.values()
                .removeIf(trial -> !trial.baseline().since().plus(REMEMBERED).isAfter(now));
        news.forEach((vantage, more) -> {
            if (next.containsKey(vantage) || next.size() < TRIALS_MAX) {
                next.merge(
                        vantage,
                        Trial.begun(now).with(more.counts(), more.clients(), slo, now),
                        (trial, _) -> trial.with(more.counts(), more.clients(), slo, now));
            }
        });
        return new Trials(heard, next);
    }

    private record News(Counts counts, int clients) {
        private static News sum(News one, News other) {
            return new News(one.counts.plus(other.counts), Math.max(one.clients, other.clients));
        }
    }

    private void hear(
            Place place, OutcomeReport report, SortedMap<Place, Counts> heard, SortedMap<Vantage, News> news) {
        Counts now = Counts.of(report.counts());
        heard.put(place, now);
        Counts more = Optional.ofNullable(counters.get(place)).map(now::since).orElse(Counts.NONE);
        news.merge(place.vantage(), new News(more, report.clients()), News::sum);
    }

    private static Place place(RegionId site, ObserverReport observer, OutcomeReport one) {
        return new Place(observer.observer(), one.endpoint(), new Vantage(one.service(), one.to(), site));
    }

    /** Within its own region no way is needed. */
    private static boolean isSeen(ObserverReport observer, RegionId site, RegionId region) {
        return site.equals(region)
                || observer.paths().stream()
                        .anyMatch(path -> path.target().equals(region) && path.state() == PathState.UP);
    }
}
