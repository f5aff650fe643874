package io.beringia.discovery.catalog;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the leader decided about one service that differs from the default.
 *
 * @param rows only those that differ from the default rows, in order of source
 * @param states in order of region; a region that is not listed is healthy, and has been for long
 * @param admission what gateways admit of its new connections, 1 to 10,000; less than all while there is a shortage
 * @param home the only region in which it is served, if it has a single writer; neither rows nor states matter then
 */
public record ServicePlan(
        ServiceName service, List<SourceShares> rows, List<State> states, int admission, Optional<ServiceHome> home) {
    public ServicePlan {
        if (admission < 1 || admission > Shares.WHOLE) {
            throw new IllegalArgumentException(
                    "service " + service + ": admission " + admission + " (expected: 1 to " + Shares.WHOLE + ")");
        }
        rows = TrafficPlan.keyed("row of " + service, rows, SourceShares::source);
        states = TrafficPlan.keyed("state of " + service, states, State::region);
    }

    /** Of one that is served anywhere. */
    public ServicePlan(ServiceName service, List<SourceShares> rows, List<State> states, int admission) {
        this(service, rows, states, admission, Optional.empty());
    }

    /** The same with another home, or without. */
    public ServicePlan with(Optional<ServiceHome> other) {
        return new ServicePlan(service, rows, states, admission, other);
    }

    /** Its own row for that source, if it has one. */
    public Optional<Shares> row(RegionId source) {
        return rows.stream()
                .filter(row -> row.source().equals(source))
                .map(SourceShares::shares)
                .findFirst();
    }

    /** Where it stands in that region, if anything is said of it. */
    public Optional<State> state(RegionId region) {
        return states.stream().filter(one -> one.region().equals(region)).findFirst();
    }

    /**
     * Where one service stands in one region.
     *
     * @param since when the phase began; the leader's clock
     * @param reason one short sentence for people
     * @param penalty for falling lately, 0 to {@value RegionPlan#PENALTY_MAX}, as it stood at {@code penaltyAt}
     */
    public record State(RegionId region, Phase phase, Instant since, String reason, int penalty, Instant penaltyAt) {
        public State {
            if (penalty < 0 || penalty > RegionPlan.PENALTY_MAX) {
                throw new IllegalArgumentException("service in " + region + ": penalty " + penalty + " (expected: 0 to "
                        + RegionPlan.PENALTY_MAX + ")");
            }
            if (reason.length() > RegionPlan.REASON_CHARACTERS_MAX) {
                throw new IllegalArgumentException("service in " + region + ": a reason of " + reason.length()
                        + " characters (expected: at most " + RegionPlan.REASON_CHARACTERS_MAX + ")");
            }
        }
    }

    /** The ways a service stands in a region. */
    public enum Phase {
        /** As it should be; listed while it is remembered that it was not. */
        HEALTHY(Shares.WHOLE),
        /** Some of what it was given goes elsewhere. */
        DEGRADED(Shares.WHOLE / 2),
        /** Nobody is sent there who can be sent elsewhere. */
        UNHEALTHY(0),
        /** A few are sent there to see how they fare. */
        PROBATION(Shares.WHOLE / 100),
        /** On its way back. */
        RAMPING(Shares.WHOLE / 2);

        private final int grade;

        Phase(int grade) {
            this.grade = grade;
        }

        /** How much of its share the region keeps, 0 to 10,000. */
        public int grade() {
            return grade;
        }
    }
}
