package io.beringia.failover.operator;

import java.util.concurrent.CompletableFuture;

/** What the API asks for on behalf of an operator: the boundary to the loop that decides. Any thread. */
public interface OperatorDesk {
    CompletableFuture<Reply> ask(OperatorCommand command);

    /** The same reply, and nothing is done. */
    CompletableFuture<Reply> whatIf(OperatorCommand command);

    RegionsStatus status();
}
