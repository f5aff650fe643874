package io.beringia.failover.operator;

import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.decision.OperatorRules;
import io.beringia.failover.decision.OperatorRules.Answer;
import io.beringia.failover.decision.Question;
import io.beringia.failover.decision.Situation;

/** What became of a command. */
public sealed interface Reply {
    /**
     * The leader's answer.
     *
     * @param after the same as before where nothing was to change
     */
    record Answered(Answer answer, TrafficPlan before, TrafficPlan after) implements Reply {
        /** Any thread; pure. By what a leader knows. */
        public static Answered of(OperatorCommand command, Situation now) {
            return new Answered(
                    OperatorRules.answer(command.asOverride(), now),
                    now.plan(),
                    new Question.Obey(command.asOverride()).answer(now));
        }
    }

    /** Nobody here may decide; another candidate may. */
    record NoLeader() implements Reply {}

    /** It could not be done, and nothing was. */
    record Failed(String why) implements Reply {}
}
