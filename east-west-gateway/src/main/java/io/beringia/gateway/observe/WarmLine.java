package io.beringia.gateway.observe;

import io.beringia.gateway.tls.TlsContexts;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One of the connections that are asked all the time. When our key or the target changes, or its peer said
 * goodbye, it is replaced, and asked on
 * until its successor has been answered: a long way takes many round trips to open, and meanwhile there must be no
 * silence. Owned by its observer's thread.
 */
final class WarmLine {
    private Optional<ProbeLine> line = Optional.empty();
    private Optional<ProbeLine> successor = Optional.empty();

    /** Asks once, on whatever can be asked; {@code opens} a new one where none can. */
    void ask(TlsContexts contexts, Look look, Supplier<ProbeLine> opens) {
        successor = fit(successor, contexts, look);
        if (line.filter(one -> !one.isOver()).isEmpty()
                || successor.filter(ProbeLine::isProven).isPresent()) {
            line.ifPresent(ProbeLine::close);
            line = successor.isPresent() ? successor : Optional.of(opens.get());
            successor = Optional.empty();
        }
        if (line.filter(one -> one.isCurrent(contexts, look)).isEmpty() && successor.isEmpty()) {
            successor = Optional.of(opens.get());
        }
        line.ifPresent(ProbeLine::ask);
    }

    private static Optional<ProbeLine> fit(Optional<ProbeLine> one, TlsContexts contexts, Look look) {
        Optional<ProbeLine> fit = one.filter(it -> !it.isOver() && it.isCurrent(contexts, look));
        if (fit.isEmpty()) {
            one.ifPresent(ProbeLine::close);
        }
        return fit;
    }

    void close() {
        line.ifPresent(ProbeLine::close);
        successor.ifPresent(ProbeLine::close);
    }
}
