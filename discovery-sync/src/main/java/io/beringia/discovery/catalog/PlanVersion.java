package io.beringia.discovery.catalog;

/** Which plan something rests on: later plans are greater. Compared as a pair, epoch first. */
public record PlanVersion(long epoch, long seq) implements Comparable<PlanVersion> {
    /** No plan was ever accepted. */
    public static final PlanVersion NONE = new PlanVersion(0, 0);

    @Override
    public int compareTo(PlanVersion other) {
        int byEpoch = Long.compareUnsigned(epoch, other.epoch);
        return byEpoch != 0 ? byEpoch : Long.compareUnsigned(seq, other.seq);
    }

    @Override
    public String toString() {
        return Long.toUnsignedString(epoch) + "." + Long.toUnsignedString(seq);
    }
}
