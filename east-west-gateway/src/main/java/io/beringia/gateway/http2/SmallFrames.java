package io.beringia.gateway.http2;

/**
 * How much our small DATA frames weigh on a peer that has not taken them yet. h2 from 0.4.16 on gives a connection 25,600
 * bytes for what its DATA frames fall short of 256 bytes each, until its application has taken them, and ends it with all its
 * tunnels when they are used up (hyperium/h2 {@code proto/streams/counts.rs}); a frame of more gives back what it has more.
 * When something was taken nobody tells us, so an answer on the same stream is believed to say it, room for more, the end of
 * the stream, and otherwise time. Lives on its connection's event loop.
 */
final class SmallFrames {
    /** A frame of so many bytes weighs nothing. */
    private static final int SMALL_BYTES = 256;

    /** Nobody waits for more than that: such a frame gives back what three empty ones weigh. */
    static final int JOINED_BYTES = 4 * SMALL_BYTES;

    /** Half of what h2 gives: as much again may be on its way. */
    private static final int BUDGET_BYTES = 50 * SMALL_BYTES;

    /** An application that is not stalled has taken everything of that within 100 ms. */
    private static final long LEAK_NANOS_PER_BYTE = 100_000_000L / BUDGET_BYTES;

    private long weight;
    private long asOfNanos;

    SmallFrames(long nowNanos) {
        this.asOfNanos = nowNanos;
    }

    /** A frame has left; how much it weighs. What a large one gives back is kept for the peer: we may be wrong with time. */
    int sent(int bytes, long nowNanos) {
        leak(nowNanos);
        int more = Math.max(0, SMALL_BYTES - bytes);
        weight += more;
        return more;
    }

    /** So much of it weighs nothing any more. */
    void taken(int bytes) {
        weight = Math.max(0, weight - bytes);
    }

    /** Whether more small frames should rather be joined. */
    boolean isFull(long nowNanos) {
        leak(nowNanos);
        return weight >= BUDGET_BYTES;
    }

    private void leak(long nowNanos) {
        long leaked = (nowNanos - asOfNanos) / LEAK_NANOS_PER_BYTE;
        weight = Math.max(0, weight - leaked);
        asOfNanos += leaked * LEAK_NANOS_PER_BYTE;
    }
}
