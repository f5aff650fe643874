package io.beringia.scenarios.load;

import java.util.Optional;

/**
 * What became of one connection of the load. Times are nanoseconds since the start of the load, on one monotonic clock.
 *
 * @param dueNanos when it had to start; latency counts from here, so a late start is not forgiven
 * @param startedNanos when it did
 * @param endedNanos when it was answered or given up
 * @param answer what came back; empty: it failed
 * @param failure why, in one word; empty unless it failed
 */
public record Outcome(
        LoadPlan plan,
        long sequence,
        long dueNanos,
        long startedNanos,
        long endedNanos,
        Optional<Answer> answer,
        String failure) {
    /** A millisecond of delay in starting is the scheduler's; ten are the load's own fault. */
    private static final long LATE_NANOS = 10_000_000L;

    public boolean failed() {
        return answer.isEmpty();
    }

    public boolean startedLate() {
        return startedNanos - dueNanos > LATE_NANOS;
    }

    public long latencyNanos() {
        return endedNanos - dueNanos;
    }

    /** The server verified somebody else than who we are, or answered another question. */
    public boolean isMismatch() {
        return answer.isPresent()
                && !(answer.get().caller().equals(plan.caller())
                        && answer.get().request().equals(new Request(plan.client(), sequence)));
    }
}
