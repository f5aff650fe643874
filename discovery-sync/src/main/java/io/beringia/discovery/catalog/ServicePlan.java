package io.beringia.discovery.catalog;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What the leader decided about one service that differs from the default.
 *
 * @param rows only those that differ from the default rows, in order of source
 * @param states by region, only those that are not healthy
 * @param admission what gateways admit of its new connections, 1 to 10,000; less than all while there is a shortage
 */
public record ServicePlan(ServiceName service, List<SourceShares> rows, List<State> states, int admission) {
    public ServicePlan {
        if (admission < 1 || admission > Shares.WHOLE) {
            throw new IllegalArgumentException(
                    "service " + service + ": admission " + admission + " (expected: 1 to " + Shares.WHOLE + ")");
        }
        rows = TrafficPlan.keyed("row of " + service, rows, SourceShares::source);
        states = states.stream()
                .sorted(Comparator.comparing(State::region).thenComparing(State::phase))
                .toList();
    }

    /** Its own row for that source, if it has one. */
    public Optional<Shares> row(RegionId source) {
        return rows.stream()
                .filter(row -> row.source().equals(source))
                .map(SourceShares::shares)
                .findFirst();
    }

    /** Where one service stands in one region. */
    public record State(RegionId region, Phase phase) {}

    /** The ways a service stands in a region. */
    public enum Phase {
        DEGRADED,
        UNHEALTHY,
        PROBATION,
        RAMPING
    }
}
