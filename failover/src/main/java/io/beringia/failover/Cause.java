package io.beringia.failover;

import io.beringia.failover.decision.Decision;
import io.beringia.failover.operator.OperatorCommand;
import io.beringia.trust.identity.SpiffeId;
import java.util.Optional;

/**
 * Why a plan is written.
 *
 * @param operator who commanded it; empty where the leader decided by itself
 * @param reason one sentence
 */
public record Cause(Optional<SpiffeId> operator, String reason) {
    static final Cause TERM = new Cause(Optional.empty(), "a term begins: the plan that stands there, under its epoch");
    static final Cause RENEWAL = new Cause(Optional.empty(), "the plan is renewed: something of it has run out");

    static Cause of(Decision.Move move) {
        return new Cause(Optional.empty(), move.text() + ": " + move.reason());
    }

    static Cause of(Decision.Steer steer) {
        return new Cause(Optional.empty(), steer.text() + ": " + steer.reason());
    }

    static Cause of(Decision.Settle settle) {
        return new Cause(Optional.empty(), settle.text() + ": " + settle.reason());
    }

    static Cause of(OperatorCommand command) {
        return new Cause(
                Optional.of(command.order().author()),
                command.asOverride().id() + ": " + command.order().reason());
    }
}
