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
    /** Evidence of some hundred sites with all observers that they may have. */
    static final int BYTES_MAX = 64 << 20;

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

    /** The same in GZIP (RFC 1952): a tenth of it or less, since observers of one mesh see much the same. */
    public byte[] packed() {
        return Gzip.pack(bytes());
    }

    /** Whether bytes of a ledger are one, packed or not; where there was no room for it, they are a plan. */
    public static boolean isOne(byte[] bytes) {
        return Gzip.isPacked(bytes) || bytes.length > 0 && bytes[0] == '{';
    }

    /** Packed or not. Throws {@link IllegalArgumentException} on anything else, and on what would fill the memory. */
    public static DecisionFile read(byte[] bytes) {
        return DecisionJson.read(Gzip.isPacked(bytes) ? Gzip.unpack(bytes, BYTES_MAX) : bytes);
    }
}
