package io.beringia.failover.decision;

import io.beringia.discovery.catalog.PlanOverride;
import io.beringia.discovery.catalog.TrafficPlan;

/** What is asked of the rules, and the plan that answers it. Pure. Any thread. */
public sealed interface Question {
    /** The plan after it: the same where nothing is to change. Its version stays, whoever writes it knows the next. */
    TrafficPlan answer(Inputs inputs);

    /** What to do by itself. */
    record Decide() implements Question {
        @Override
        public TrafficPlan answer(Inputs inputs) {
            Situation now = inputs.situation();
            return switch (FailoverRules.decide(now)) {
                case Decision.Hold _ -> inputs.plan();
                case Decision.Move move -> PlanRules.after(move, now);
            };
        }
    }

    /** What becomes of an operator's wish. */
    record Obey(PlanOverride wish) implements Question {
        @Override
        public TrafficPlan answer(Inputs inputs) {
            Situation now = inputs.situation();
            return switch (OperatorRules.answer(wish, now)) {
                case OperatorRules.Answer.Obeyed obeyed -> noting(inputs.with(PlanRules.after(obeyed.move(), now)));
                case OperatorRules.Answer.Noted _ -> noting(inputs);
                case OperatorRules.Answer.Blocked _, OperatorRules.Answer.Refused _ -> inputs.plan();
            };
        }

        private TrafficPlan noting(Inputs inputs) {
            return PlanRules.noting(wish, inputs.situation());
        }
    }

    /** What of the plan has run out. */
    record Renew() implements Question {
        @Override
        public TrafficPlan answer(Inputs inputs) {
            return PlanRules.refreshed(inputs.situation());
        }
    }

    /** A term begins: the plan that stands there, under its epoch. */
    record TakeOver() implements Question {
        @Override
        public TrafficPlan answer(Inputs inputs) {
            return inputs.plan();
        }
    }
}
