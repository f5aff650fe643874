package io.beringia.scenarios.drill.play;

import io.beringia.scenarios.load.Outcome;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Whether a drill goes on. Owned by the thread that plays. */
record AbortWatch(Drill.Abort rule, Supplier<List<Outcome>> outcomes, LongSupplier now) {
    private static final double PERCENT = 100;

    /** It does not; the message says why. */
    static final class Aborted extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Aborted(String why) {
            super(why);
        }
    }

    /** Throws {@link Aborted} if too many of the last connections failed; those of clients in lost regions do not count. */
    void check(Set<String> lost) {
        long since = now.getAsLong() - rule.over().toNanos();
        List<Outcome> recent = outcomes.get().stream()
                .filter(outcome -> outcome.endedNanos() >= since
                        && outcome.dueNanos() >= since - rule.over().toNanos()
                        && !lost.contains(outcome.plan().region()))
                .toList();
        double failed = recent.stream().filter(Outcome::failed).count() * PERCENT / Math.max(1, recent.size());
        if (failed > rule.percent()) {
            throw new Aborted("%.0f %% of connections failed within %d s (expected: at most %d %%)"
                    .formatted(failed, rule.over().toSeconds(), rule.percent()));
        }
    }
}
