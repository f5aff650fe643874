package io.beringia.failover.decision;

import io.beringia.discovery.catalog.PlanOverride;
import io.beringia.discovery.catalog.TrafficPlan;

/** What is asked of the rules, and the plan that answers it. Pure. Any thread. */
public sealed interface Question {
    /** The plan after it: the same where nothing is to change. Its version stays, whoever writes it knows the next. */
    TrafficPlan answer(Situation now);

    /** What to do by itself. */
    record Decide() implements Question {
        @Override
        public TrafficPlan answer(Situation now) {
            return switch (FailoverRules.decide(now)) {
                case Decision.Hold _ -> now.plan();
                case Decision.Move move -> PlanRules.after(move, now);
                case Decision.Steer steer -> PlanRules.after(steer, now);
                case Decision.Settle settle -> PlanRules.after(settle, now);
            };
        }
    }

    /** What becomes of an operator's wish. */
    record Obey(PlanOverride wish) implements Question {
        @Override
        public TrafficPlan answer(Situation now) {
            return switch (OperatorRules.answer(wish, now)) {
                case OperatorRules.Answer.Obeyed obeyed ->
                    PlanRules.noting(wish, now.with(PlanRules.after(obeyed.move(), now)));
                case OperatorRules.Answer.Steered steered ->
                    PlanRules.noting(wish, now.with(PlanRules.after(steered.steer(), now)));
                case OperatorRules.Answer.Settled settled ->
                    PlanRules.noting(wish, now.with(PlanRules.after(settled.settle(), now)));
                case OperatorRules.Answer.Noted _ -> PlanRules.noting(wish, now);
                case OperatorRules.Answer.Blocked _, OperatorRules.Answer.Refused _ -> now.plan();
            };
        }
    }

    /** What of the plan has run out. */
    record Renew() implements Question {
        @Override
        public TrafficPlan answer(Situation now) {
            return PlanRules.refreshed(now);
        }
    }

    /** A term begins: the plan that stands there, under its epoch. */
    record TakeOver() implements Question {
        @Override
        public TrafficPlan answer(Situation now) {
            return now.plan();
        }
    }
}
