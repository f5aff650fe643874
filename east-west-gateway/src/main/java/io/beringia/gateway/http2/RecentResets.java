package io.beringia.gateway.http2;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Streams that we have reset of our own accord, and what may still come on them: a peer goes on until it hears of the reset,
 * and that is no fault of its (RFC 9113, 5.1). Lives on its connection's event loop.
 */
final class RecentResets {
    /** The longest that a reset takes to be heard. */
    static final Duration HEARD_WITHIN = Duration.ofSeconds(10);
    /** As many frames as a new stream's window has KiB; HEADERS cost us more than DATA, and nobody sends them on and on. */
    static final int FRAMES_MAX = 256;
    /** All streams of a peer twice over, which bounds the memory. */
    static final int STREAMS_MAX = (int) (2 * HboneCodec.STREAMS_MAX);

    private final LongSupplier awakeNanos;
    private final Map<Integer, Left> streams = new LinkedHashMap<>();

    private record Left(long resetNanos, int frames) {}

    RecentResets(LongSupplier awakeNanos) {
        this.awakeNanos = awakeNanos;
    }

    void add(int stream) {
        streams.put(stream, new Left(awakeNanos.getAsLong(), FRAMES_MAX));
        if (streams.size() > STREAMS_MAX) {
            streams.remove(streams.keySet().iterator().next());
        }
    }

    /** Whether a frame on that stream, which is no more, has only crossed our reset. */
    boolean excuses(int stream) {
        Left left = streams.get(stream);
        if (left == null) {
            return false;
        }
        if (left.frames() == 0 || awakeNanos.getAsLong() - left.resetNanos() > HEARD_WITHIN.toNanos()) {
            streams.remove(stream);
            return false;
        }
        streams.put(stream, new Left(left.resetNanos(), left.frames() - 1));
        return true;
    }
}
