package io.beringia.scenarios.drill;

import io.beringia.scenarios.load.Answer;
import io.beringia.scenarios.load.Outcome;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Who served whom in one phase: the connections of one service from one region.
 *
 * @param servedBy number of answers by serving region
 * @param p50Nanos and {@code p99Nanos} latency of the answered ones, 0 if there is none
 */
public record Flow(
        String phase,
        String service,
        String from,
        long failed,
        Map<String, Long> servedBy,
        long p50Nanos,
        long p99Nanos) {
    private static final double MEDIAN = 0.5;
    private static final double TAIL = 0.99;

    public Flow {
        servedBy = Map.copyOf(servedBy);
    }

    /** Every flow of every phase, in order of phase, service and region. */
    public static List<Flow> all(Collection<Outcome> outcomes, List<Phase> phases) {
        return phases.stream()
                .flatMap(phase ->
                        ofPhase(
                                phase,
                                outcomes.stream()
                                        .filter(outcome -> Tally.counts(outcome, List.of(phase)))
                                        .toList())
                                .stream())
                .toList();
    }

    public long total() {
        return failed + servedBy.values().stream().mapToLong(Long::longValue).sum();
    }

    private static List<Flow> ofPhase(Phase phase, List<Outcome> outcomes) {
        Map<String, List<Outcome>> byFlow = outcomes.stream()
                .collect(Collectors.groupingBy(
                        outcome ->
                                outcome.plan().service() + " " + outcome.plan().region(),
                        TreeMap::new,
                        Collectors.toList()));
        return byFlow.values().stream().map(flow -> of(phase, flow)).toList();
    }

    private static Flow of(Phase phase, List<Outcome> outcomes) {
        List<Long> latencies = outcomes.stream()
                .filter(outcome -> !outcome.failed())
                .map(Outcome::latencyNanos)
                .toList();
        Map<String, Long> servedBy = outcomes.stream()
                .flatMap(outcome -> outcome.answer().stream())
                .collect(Collectors.groupingBy(Answer::region, Collectors.counting()));
        return new Flow(
                phase.name(),
                outcomes.getFirst().plan().service(),
                outcomes.getFirst().plan().region(),
                outcomes.stream().filter(Outcome::failed).count(),
                servedBy,
                Quantile.of(latencies, MEDIAN),
                Quantile.of(latencies, TAIL));
    }
}
