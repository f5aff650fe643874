package io.beringia.discovery.explain;

import java.util.List;

/**
 * Why the connections of one client to one service go where they go.
 *
 * @param answer in one sentence
 * @param reasons in the order in which they are decided, each with what decided it
 */
public record FlowExplanation(Outcome outcome, String answer, List<Reason> reasons) {
    public FlowExplanation {
        reasons = List.copyOf(reasons);
    }

    public enum Outcome {
        GOES,
        REFUSED
    }

    /** @param value what decided it */
    public record Reason(Step step, Verdict verdict, String value) {}

    public enum Verdict {
        /** Nothing here stands in the way. */
        PASSES,
        /** Here it ends. */
        REFUSES,
        /** Not decided here, or not known here. */
        OPEN
    }

    /** In this order. */
    public enum Step {
        EXPORT,
        SCOPE,
        RANK,
        WEIGHT,
        HEALTH,
        GATEWAY,
        CERTIFICATE,
        AUTHORIZATION,
        PLAN
    }
}
