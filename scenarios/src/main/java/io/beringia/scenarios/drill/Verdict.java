package io.beringia.scenarios.drill;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a drill has come to.
 *
 * @param marksMs what happened when, in milliseconds since the start of the load
 * @param aborts why it was broken off; empty if it was not
 */
public record Verdict(
        String drill,
        Outcome outcome,
        Tally tally,
        List<Flow> flows,
        List<Phase> phases,
        Map<String, Long> marksMs,
        List<Expectation> expectations,
        Findings findings,
        List<String> aborts) {
    /** How it ended. */
    public enum Outcome {
        SUCCEEDED,
        FAILED,
        /** Broken off before its end. */
        INTERRUPTED,
        /** The load missed its own schedule, or the mesh was never well before the fault: nothing was measured. */
        INVALID
    }

    public Verdict {
        flows = List.copyOf(flows);
        phases = List.copyOf(phases);
        marksMs = Map.copyOf(marksMs);
        expectations = List.copyOf(expectations);
        aborts = List.copyOf(aborts);
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
                drill,
                outcomeOf(tally, expectations),
                tally,
                flows,
                phases,
                marksMs,
                expectations,
                findings,
                tally.isValid() ? List.of() : List.of(tally.whyInvalid()));
    }

    /** Of a drill whose runner ended before it could judge. */
    public static Verdict unfinished(String drill, String why) {
        Tally nothing = new Tally(0, 0, 0, 0, 0, 0, 0);
        return of(drill, nothing, List.of(), List.of(), Map.of(), List.of(), Findings.NOTHING)
                .brokenOff(Outcome.INTERRUPTED, why);
    }

    /** The same, broken off or never begun in earnest. */
    public Verdict brokenOff(Outcome how, String why) {
        return new Verdict(
                drill,
                how,
                tally,
                flows,
                phases,
                marksMs,
                expectations,
                findings,
                Stream.concat(aborts.stream(), Stream.of(why)).toList());
    }

    private static Outcome outcomeOf(Tally tally, List<Expectation> expectations) {
        if (!tally.isValid()) {
            return Outcome.INVALID;
        }
        return expectations.stream().allMatch(Expectation::pass) ? Outcome.SUCCEEDED : Outcome.FAILED;
    }
}
