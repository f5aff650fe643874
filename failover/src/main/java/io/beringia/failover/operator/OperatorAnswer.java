package io.beringia.failover.operator;

import io.beringia.failover.decision.OperatorRules.Answer;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/**
 * An answer of the API: status and body, and two words for meters.
 *
 * @param verb what was asked for, {@code none} where nobody can tell
 * @param outcome as the body says it
 */
record OperatorAnswer(int status, String verb, String outcome, ObjectNode body) {
    private static final String NO_VERB = "none";

    static OperatorAnswer status(RegionsStatus status) {
        return new OperatorAnswer(200, "status", "shown", OperatorJson.status(status));
    }

    static OperatorAnswer malformed(String why) {
        return of(400, "malformed", why);
    }

    static OperatorAnswer forbidden(String why) {
        return of(403, "forbidden", why);
    }

    static OperatorAnswer unknown(String why) {
        return of(404, "unknown", why);
    }

    static OperatorAnswer failed(String why) {
        return of(500, "failed", why);
    }

    static OperatorAnswer to(OperatorRequest.Wish wish, Reply reply) {
        OperatorAnswer answer = switch (reply) {
            case Reply.NoLeader _ -> of(503, "no-leader", "no fenced leader here (expected: another candidate leads)");
            case Reply.Failed failed -> failed(failed.why());
            case Reply.Answered answered -> answered(answered, wish.isDryRun());
        };
        return new OperatorAnswer(
                answer.status(),
                wish.command().asOverride().verb().name().toLowerCase(Locale.ROOT),
                answer.outcome(),
                answer.body());
    }

    private static OperatorAnswer answered(Reply.Answered answered, boolean isDryRun) {
        return switch (answered.answer()) {
            case Answer.Obeyed obeyed -> {
                OperatorAnswer answer = fine(answered, isDryRun, obeyed.move().text());
                answer.body().set("warnings", OperatorJson.rules(obeyed.warnings()));
                yield answer;
            }
            case Answer.Steered steered ->
                fine(answered, isDryRun, steered.steer().text());
            case Answer.Settled settled ->
                fine(answered, isDryRun, settled.settle().text());
            case Answer.Noted _ -> fine(answered, isDryRun, "noted");
            case Answer.Refused refused -> of(422, "refused", refused.why());
            case Answer.Blocked blocked -> {
                OperatorAnswer answer = of(409, "blocked", blocked.detail());
                answer.body().put("rule", blocked.rule().name());
                yield answer;
            }
        };
    }

    private static OperatorAnswer fine(Reply.Answered answered, boolean isDryRun, String detail) {
        OperatorAnswer answer = of(200, isDryRun ? "imagined" : "applied", detail);
        answer.body().put("plan", answered.after().version().toString());
        answer.body().set("before", OperatorJson.rows(answered.before()));
        answer.body().set("after", OperatorJson.rows(answered.after()));
        return answer;
    }

    private static OperatorAnswer of(int status, String outcome, String detail) {
        ObjectNode body = OperatorJson.object();
        body.put("outcome", outcome);
        body.put("detail", detail);
        return new OperatorAnswer(status, NO_VERB, outcome, body);
    }
}
