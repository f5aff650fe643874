package io.beringia.scenarios.drill;

import java.util.List;
import java.util.Map;

/**
 * What a drill has come to.
 *
 * @param marksMs what happened when, in milliseconds since the start of the load
 */
public record Verdict(
        String drill,
        Outcome outcome,
        Tally tally,
        List<Flow> flows,
        List<Phase> phases,
        Map<String, Long> marksMs,
        List<Expectation> expectations,
        Findings findings) {
    /** How it ended. */
    public enum Outcome {
        SUCCEEDED,
        FAILED,
        /** The load missed its own schedule: nothing was measured. */
        INVALID
    }

    public Verdict {
        flows = List.copyOf(flows);
        phases = List.copyOf(phases);
        marksMs = Map.copyOf(marksMs);
        expectations = List.copyOf(expectations);
    }

    /** Judges: INVALID before all else, SUCCEEDED only if every expectation holds. */
    public static Verdict of(
            String drill,
            Tally tally,
            List<Flow> flows,
            List<Phase> phases,
            Map<String, Long> marksMs,
            List<Expectation> expectations,
            Findings findings) {
        return new Verdict(
                drill, outcomeOf(tally, expectations), tally, flows, phases, marksMs, expectations, findings);
    }

    private static Outcome outcomeOf(Tally tally, List<Expectation> expectations) {
        if (!tally.isValid()) {
            return Outcome.INVALID;
        }
        return expectations.stream().allMatch(Expectation::pass) ? Outcome.SUCCEEDED : Outcome.FAILED;
    }
}
