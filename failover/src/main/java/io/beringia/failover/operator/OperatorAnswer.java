package io.beringia.failover.operator;

import io.beringia.failover.decision.OperatorRules.Answer;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalInt;
import tools.jackson.databind.node.ObjectNode;

/**
 * An answer of the API: status and body, and two words for meters.
 *
 * @param verb what was asked for, {@code none} where nobody can tell
 * @param outcome as the body says it
 * @param retryAfter seconds after which it may be asked again, if that helps (RFC 9110, 10.2.3)
 */
record OperatorAnswer(int status, String verb, String outcome, ObjectNode body, OptionalInt retryAfter) {
    private static final String NO_VERB = "none";

    /** A look takes a tenth of it. */
    private static final int BUSY_SECONDS = 1;

    static OperatorAnswer status(RegionsStatus status) {
        return new OperatorAnswer(200, "status", "shown", OperatorJson.status(status), OptionalInt.empty());
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
        return answer.of(wish);
    }

    /** Nothing was asked of the leader. */
    static OperatorAnswer busy(OperatorRequest.Wish wish, int waiting) {
        return of(503, "busy", waiting + " commands wait for the leader (expected: fewer; nothing was done, ask again)")
                .of(wish)
                .after(BUSY_SECONDS);
    }

    /** Nobody knows what became of it. */
    static OperatorAnswer late(OperatorRequest.Wish wish, Duration reply) {
        return of(
                        503,
                        "late",
                        "no reply within " + reply.toMillis() + " ms; it may still be applied, see the status first")
                .of(wish)
                .after(Math.max(1, Math.toIntExact(reply.toSeconds())));
    }

    private OperatorAnswer of(OperatorRequest.Wish wish) {
        String asked = wish.command().asOverride().verb().name().toLowerCase(Locale.ROOT);
        return new OperatorAnswer(status, asked, outcome, body, retryAfter);
    }

    private OperatorAnswer after(int seconds) {
        return new OperatorAnswer(status, verb, outcome, body, OptionalInt.of(seconds));
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
        return new OperatorAnswer(status, NO_VERB, outcome, body, OptionalInt.empty());
    }
}
