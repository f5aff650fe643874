package io.beringia.gateway.http2;

import io.beringia.gateway.limits.ByteBudget;

/**
 * How far the windows of one connection's streams may grow. A stream whose bytes are taken doubles its window up to
 * {@link #STREAM_BYTES_MAX}, while its connection and the process still have growth to give, and halves it again when the
 * process holds too much; a stalled one keeps what it has. So a connection never holds more than its streams times
 * {@link HboneCodec#STREAM_WINDOW_BYTES} plus {@link #GROWTH_BYTES_MAX}. Lives on its connection's event loop.
 */
final class StreamWindows {
    /** ztunnel's own stream window. */
    static final int STREAM_BYTES_MAX = 4 * 1024 * 1024;
    /** ztunnel's own connection window. */
    static final int GROWTH_BYTES_MAX = 16 * 1024 * 1024;
    /** Of the process's budget, for one stream; half of what a tunnel may hold when nothing else is held. */
    private static final int PROCESS_PARTS = 16;

    private final ByteBudget budget;
    private final int streamBytesMax;
    private int grown;

    StreamWindows(ByteBudget budget) {
        this.budget = budget;
        this.streamBytesMax = (int) Math.min(STREAM_BYTES_MAX, budget.totalBytes() / PROCESS_PARTS);
    }

    /** Bytes by which a stream of this window, all of which was taken, changes now; below 0 if it shrinks. */
    int next(int window) {
        return budget.isPressed() ? -shrink(window) : grow(window);
    }

    private int shrink(int window) {
        int by = Math.min(window / 2, window - HboneCodec.STREAM_WINDOW_BYTES);
        budget.shrink(by);
        grown -= by;
        return by;
    }

    private int grow(int window) {
        int by = Math.max(0, Math.min(window, streamBytesMax - window));
        if (grown + by > GROWTH_BYTES_MAX || !budget.grow(by)) {
            return 0;
        }
        grown += by;
        return by;
    }

    /** A stream of this window has ended. */
    void giveBack(int window) {
        int by = window - HboneCodec.STREAM_WINDOW_BYTES;
        budget.shrink(by);
        grown -= by;
    }
}
