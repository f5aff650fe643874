package io.beringia.failover;

import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.decision.Memory;
import io.beringia.failover.zookeeper.Term;
import java.time.Instant;

/**
 * What a leader holds while its term lasts.
 *
 * @param plan the newest
 * @param version of its node
 * @param seq of its last write
 * @param signed when that was
 */
record Office(Term term, TrafficPlan plan, int version, long seq, Instant signed, Memory memory) {
    Office in(Term renewed) {
        return new Office(renewed, plan, version, seq, signed, memory);
    }

    Office with(TrafficPlan other) {
        return new Office(term, other, version, seq, signed, memory);
    }

    Office remembering(Memory more) {
        return new Office(term, plan, version, seq, signed, more);
    }

    Office wrote(TrafficPlan written, int at, Instant now) {
        return new Office(term, written, at, written.version().seq(), now, memory);
    }
}
