package io.beringia.gateway.observe;

import io.beringia.discovery.catalog.Outcome;
import io.beringia.discovery.catalog.OutcomeCounts;
import io.beringia.gateway.relay.Relay;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What one event loop sees of outcomes, handed over to the {@link Outcomes} of all loops once a second: an attempt costs an
 * addition, and no loop waits for another. Lives on that loop.
 */
public final class LoopOutcomes {
    public static final Duration HAND_OVER_EVERY = Duration.ofSeconds(1);

    private final Outcomes all;
    private final Map<OutcomeKey, OutcomeCounts.Tally> tallies = new HashMap<>();

    public LoopOutcomes(Outcomes all) {
        this.all = all;
    }

    public void attempted(OutcomeKey key, Outcome how) {
        count(key, tally -> tally.attempted(how));
    }

    /** After an attempt that was answered. */
    public void closed(OutcomeKey key, Relay.Tally ended) {
        count(
                key,
                tally -> tally.closed(ended.ending().isAbort(), ended.bytesUp(), ended.bytesDown(), ended.firstByte()));
    }

    private void count(OutcomeKey key, Consumer<OutcomeCounts.Tally> one) {
        if (tallies.size() < Outcomes.KEYS_MAX || tallies.containsKey(key)) {
            one.accept(tallies.computeIfAbsent(key, _ -> new OutcomeCounts.Tally()));
        }
    }

    public void handOver() {
        tallies.forEach((key, tally) -> all.add(key, tally.counts()));
        tallies.clear();
    }
}
