package io.beringia.failover.zookeeper;

import java.nio.ByteBuffer;

/**
 * The number that every leader has to itself: generation in the high half, version of the epoch's node in the low.
 *
 * @param generation unsigned; raised only where an ensemble was rebuilt or somebody broke the glass
 * @param version of the node, at least 0
 */
public record Epoch(int generation, int version) {
    /** As the node's data says it; nothing there is generation 0. */
    static Epoch of(ByteBuffer data, int version) {
        return new Epoch(data.remaining() == Integer.BYTES ? data.getInt(data.position()) : 0, version);
    }

    /** As plans say it. */
    public long value() {
        return Integer.toUnsignedLong(generation) << Integer.SIZE | Integer.toUnsignedLong(version);
    }

    /** The next one here, or the first of a generation above what consumers have accepted already. */
    public Epoch after(long accepted) {
        Epoch next = new Epoch(generation, version + 1);
        return Long.compareUnsigned(next.value(), accepted) > 0
                ? next
                : new Epoch((int) (accepted >>> Integer.SIZE) + 1, version + 1);
    }

    byte[] data() {
        return ByteBuffer.allocate(Integer.BYTES).putInt(generation).array();
    }
}
