package io.beringia.discovery.catalog;

/**
 * One thing that an observer noticed about the way to one gateway. Times are nanoseconds of the observer's own monotonic
 * clock: they are compared among themselves and never leave it.
 */
public sealed interface Observation {
    long atNanos();

    /**
     * A verified answer on any connection, warm or fresh: the right identity answered and said what it was asked.
     *
     * @param roundTripNanos from question to answer; above 0
     */
    record Success(long atNanos, long roundTripNanos) implements Observation {
        public Success {
            if (roundTripNanos <= 0) {
                throw new IllegalArgumentException("round trip: " + roundTripNanos + " ns (expected: above 0)");
            }
        }
    }

    /**
     * The peer said no: refused, or reset. An answer by somebody else is no answer and no refusal; it is not reported here
     * and counts as silence.
     *
     * @param connection tells connections apart, so that one of them cannot condemn a path alone
     */
    record Refused(long atNanos, long connection) implements Observation {}

    /**
     * Time passed: silence is judged.
     *
     * @param localHealth 0 (well) to 8: how little the observer believes itself
     * @param isControlProbeOk it reaches a third target, so it is not itself cut off
     */
    record Tick(long atNanos, int localHealth, boolean isControlProbeOk) implements Observation {}
}
