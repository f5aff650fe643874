package io.beringia.failover.record;

import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.decision.Inputs;
import io.beringia.failover.decision.PlanRules;
import io.beringia.failover.decision.Question;

/**
 * All from which one plan follows.
 *
 * @param inputs what the leader had seen
 * @param question what it was asked
 */
public record DecisionBasis(Inputs inputs, Question question) {
    /** The plan that follows, in the name and at the time of one that was written. */
    public TrafficPlan replayed(TrafficPlan written) {
        return PlanRules.stamped(
                question.answer(inputs.situation()), written.version(), written.leader(), written.decidedAt());
    }
}
