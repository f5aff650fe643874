package io.beringia.failover.health;

import io.beringia.discovery.catalog.Outcome;
import io.beringia.discovery.catalog.OutcomeCounts;
import java.util.Map;

/**
 * How often something was tried, and how often it failed. Who was told that he may not ask says nothing about whom he
 * asked, and whoever was only outrun did not fail: neither is counted. A tunnel that was cut off counts as one that failed.
 */
public record Attempts(long tried, long failed) {
    static final Attempts NONE = new Attempts(0, 0);

    public Attempts {
        if (failed < 0 || tried < failed) {
            throw new IllegalArgumentException(
                    "attempts: " + failed + " of " + tried + " failed (expected: 0 <= failed <= tried)");
        }
    }

    static Attempts of(OutcomeCounts counts) {
        long answered = 0;
        long unanswered = 0;
        for (Map.Entry<Outcome, Long> one : counts.attempts().entrySet()) {
            switch (one.getKey()) {
                case ANSWERED -> answered += one.getValue();
                case REFUSED, TIMED_OUT, RESET, TLS_FAILED, IDENTITY_MISMATCH, UNAVAILABLE ->
                    unanswered += one.getValue();
                case OUTRUN, DENIED -> {}
            }
        }
        long cut = Math.min(counts.aborted(), answered);
        return new Attempts(answered + unanswered, cut + unanswered);
    }

    Attempts plus(Attempts more) {
        return new Attempts(tried + more.tried, failed + more.failed);
    }

    /** What came since; everything where the counts began anew. Tunnels that were opened long ago are cut off now. */
    Attempts since(Attempts before) {
        return isLess(before)
                ? this
                : new Attempts(Math.max(tried - before.tried, failed - before.failed), failed - before.failed);
    }

    /** Whether something of it is less, as it never is of counts that go on. */
    boolean isLess(Attempts before) {
        return tried < before.tried || failed < before.failed;
    }

    @Override
    public String toString() {
        return failed + " of " + tried + " failed";
    }
}
