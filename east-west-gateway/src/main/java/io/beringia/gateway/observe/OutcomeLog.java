package io.beringia.gateway.observe;

import io.beringia.discovery.catalog.OutcomeReport;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/** Takes the outcomes once a second, and says what to report of them. Owned by the observer's thread. */
public final class OutcomeLog {
    private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

    private final Outcomes outcomes;
    private final LongSupplier nanoTime;
    private OutcomeWindow window = OutcomeWindow.NONE;
    private List<OutcomeReport> reported = List.of();
    private long nextNanos;

    /** @param nanoTime monotonic */
    public OutcomeLog(Outcomes outcomes, LongSupplier nanoTime) {
        this.outcomes = outcomes;
        this.nanoTime = nanoTime;
        this.nextNanos = nanoTime.getAsLong();
    }

    public List<OutcomeReport> report() {
        long now = nanoTime.getAsLong();
        if (now - nextNanos >= 0) {
            nextNanos = now + SECOND_NANOS;
            window = window.next(outcomes.take());
            reported = window.report();
        }
        return reported;
    }
}
