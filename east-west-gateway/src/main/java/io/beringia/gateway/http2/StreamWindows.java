package io.beringia.gateway.http2;

/**
 * How far the windows of one connection's streams may grow. A stream whose bytes are taken doubles its window up to
 * {@link #STREAM_BYTES_MAX}, while the connection still has growth to give; a stalled one holds no more than it
 * has. So a connection never holds more than its streams times {@link HboneCodec#STREAM_WINDOW_BYTES} plus
 * {@link #GROWTH_BYTES_MAX}. Lives on its connection's event loop.
 */
final class StreamWindows {
    /** ztunnel's own stream window. */
    static final int STREAM_BYTES_MAX = 4 * 1024 * 1024;
    /** ztunnel's own connection window. */
    static final int GROWTH_BYTES_MAX = 16 * 1024 * 1024;

    private int grown;

    /** Bytes by which a stream of this window may grow now; 0 if it may not. */
    int grow(int window) {
        int by = Math.min(window, STREAM_BYTES_MAX - window);
        if (grown + by > GROWTH_BYTES_MAX) {
            return 0;
        }
        grown += by;
        return by;
    }

    /** A stream of this window has ended. */
    void giveBack(int window) {
        grown -= window - HboneCodec.STREAM_WINDOW_BYTES;
    }
}
