package io.beringia.scenarios.drill;

import io.beringia.scenarios.load.Outcome;
import io.beringia.scenarios.load.Request;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The numbers of a drill, from its outcomes and from the journals of all applications.
 *
 * @param counted outcomes that count: due within a phase, not of a client inside a region lost at that time
 * @param failed of them, refused, reset, closed or without an answer within the deadline
 * @param lost of the failed, those that an application had served nevertheless
 * @param duplicated requests that stand more than once in all journals together
 * @param mismatched answers by a server that had verified somebody else than who asked
 * @param late connections that the load itself started too late
 * @param cut connections that were in flight when something was lost, and failed; not counted otherwise
 */
public record Tally(long counted, long failed, long lost, long duplicated, long mismatched, long late, long cut) {
    /** Above this part of late starts the load, not the mesh, was measured. */
    private static final double LATE_MAX = 0.01;

    /** @param faultNanos when something was lost, since the start of the load; empty while nothing was */
    public static Tally of(
            Collection<Outcome> outcomes, List<Phase> phases, List<List<Request>> journals, OptionalLong faultNanos) {
        List<Outcome> inPhases =
                outcomes.stream().filter(outcome -> counts(outcome, phases)).toList();
        List<Outcome> counted =
                inPhases.stream().filter(outcome -> !isCut(outcome, faultNanos)).toList();
        Set<Request> served = new HashSet<>();
        long duplicated = journals.stream()
                .flatMap(List::stream)
                .filter(request -> !served.add(request))
                .distinct()
                .count();
        return new Tally(
                counted.size(),
                counted.stream().filter(Outcome::failed).count(),
                failedRequests(counted).filter(served::contains).count(),
                duplicated,
                counted.stream().filter(Outcome::isMismatch).count(),
                counted.stream().filter(Outcome::startedLate).count(),
                inPhases.size() - counted.size());
    }

    /** It was on its way when something was lost, and failed: no new connection, but one in flight. */
    private static boolean isCut(Outcome outcome, OptionalLong faultNanos) {
        return faultNanos.isPresent()
                && outcome.failed()
                && outcome.startedNanos() < faultNanos.getAsLong()
                && outcome.endedNanos() >= faultNanos.getAsLong();
    }

    /** Whether the load kept its schedule; if not, nothing else here may be believed. */
    public boolean isValid() {
        return counted > 0 && late <= LATE_MAX * counted;
    }

    /** In a sentence, of one that is not valid. */
    String whyInvalid() {
        return counted == 0
                ? "no connection counted"
                : "the load missed its schedule: " + late + " of " + counted + " connections started late";
    }

    static boolean counts(Outcome outcome, List<Phase> phases) {
        return phases.stream()
                .anyMatch(phase -> phase.holds(outcome.dueNanos())
                        && !phase.lostRegions().contains(outcome.plan().region()));
    }

    private static Stream<Request> failedRequests(List<Outcome> counted) {
        return counted.stream()
                .filter(Outcome::failed)
                .map(outcome -> new Request(outcome.plan().client(), outcome.sequence()));
    }
}
