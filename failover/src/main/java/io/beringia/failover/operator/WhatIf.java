package io.beringia.failover.operator;

import io.beringia.failover.decision.Inputs;
import tools.jackson.databind.node.ObjectNode;

/** What would come of a command. Pure. Any thread. */
public final class WhatIf {
    private WhatIf() {}

    /** As a leader that knew just this would answer a dry run. */
    public static ObjectNode answer(OperatorCommand command, Inputs inputs) {
        return OperatorAnswer.to(
                        new OperatorRequest.Wish(command, true), Reply.Answered.of(command, inputs.situation()))
                .body();
    }
}
