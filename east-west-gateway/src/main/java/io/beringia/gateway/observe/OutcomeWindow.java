package io.beringia.gateway.observe;

import io.beringia.discovery.catalog.OutcomeCounts;
import io.beringia.discovery.catalog.OutcomeReport;
import io.beringia.trust.identity.SpiffeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The last ten seconds of outcomes, second by second, and the sums of all that came before. Immutable.
 *
 * @param seconds the newest is the last
 * @param sums of every place, seconds included
 */
record OutcomeWindow(List<Map<OutcomeKey, OutcomeCounts>> seconds, Map<OutcomeKey.Place, OutcomeCounts> sums) {
    static final int SECONDS = 10;
    /** Places whose sums are kept; beyond, those that nobody asked for in ten seconds are forgotten. */
    static final int PLACES_MAX = 1_024;
    /** So that a report stays small; those that are asked for most. */
    static final int REPORTED_MAX = 64;

    static final OutcomeWindow NONE = new OutcomeWindow(List.of(), Map.of());

    OutcomeWindow {
        seconds = List.copyOf(seconds);
        sums = Map.copyOf(sums);
    }

    /** A second later. */
    OutcomeWindow next(Map<OutcomeKey, OutcomeCounts> second) {
        List<Map<OutcomeKey, OutcomeCounts>> last = new ArrayList<>(seconds);
        last.add(Map.copyOf(second));
        if (last.size() > SECONDS) {
            last.removeFirst();
        }
        Map<OutcomeKey.Place, OutcomeCounts> all = new HashMap<>(sums);
        second.forEach((key, counts) -> all.merge(key.place(), counts, OutcomeCounts::plus));
        if (all.size() > PLACES_MAX) {
            all.keySet().retainAll(recent(last).keySet());
        }
        return new OutcomeWindow(last, all);
    }

    /** What was asked for in these seconds, the most asked first. */
    List<OutcomeReport> report() {
        return recent(seconds).entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<OutcomeKey.Place, Recent> one) -> -one.getValue().attempts)
                        .thenComparing(one -> one.getKey().service())
                        .thenComparing(one -> one.getKey().endpoint()))
                .limit(REPORTED_MAX)
                .map(one -> report(one.getKey(), one.getValue()))
                .toList();
    }

    private OutcomeReport report(OutcomeKey.Place place, Recent recent) {
        return new OutcomeReport(
                place.service(),
                place.to(),
                place.endpoint(),
                recent.clients.size(),
                sums.getOrDefault(place, OutcomeCounts.NONE));
    }

    /** Of one place. Owned by one report. */
    private static final class Recent {
        final Set<SpiffeId> clients = new HashSet<>();
        long attempts;
    }

    private static Map<OutcomeKey.Place, Recent> recent(List<Map<OutcomeKey, OutcomeCounts>> seconds) {
        Map<OutcomeKey.Place, Recent> recent = new HashMap<>();
        seconds.forEach(second -> second.forEach((key, counts) -> {
            Recent one = recent.computeIfAbsent(key.place(), _ -> new Recent());
            if (counts.attempted() > 0) {
                one.clients.add(key.source());
                one.attempts += counts.attempted();
            }
        }));
        return recent;
    }
}
