package io.beringia.failover.record;

import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.discovery.wire.PlanCodec;
import java.util.Arrays;

/**
 * One decision as it is kept: what it followed from, and the plan that was written.
 *
 * @param written as it stood before it said where it is recorded
 */
public record DecisionFile(DecisionBasis basis, TrafficPlan written) {
    /** Decides once more. */
    public TrafficPlan replayed() {
        return basis.replayed(written);
    }

    /** Whether deciding once more gives the same bytes. */
    public boolean isReproduced() {
        return Arrays.equals(PlanCodec.unsigned(replayed()), PlanCodec.unsigned(written));
    }

    public byte[] bytes() {
        return DecisionJson.write(this);
    }

    /** Whether bytes of a ledger are one; where there was no room for it, they are a plan. */
    public static boolean isOne(byte[] bytes) {
        return bytes.length > 0 && bytes[0] == '{';
    }

    /** Throws {@link IllegalArgumentException} on anything else. */
    public static DecisionFile read(byte[] bytes) {
        return DecisionJson.read(bytes);
    }
}
