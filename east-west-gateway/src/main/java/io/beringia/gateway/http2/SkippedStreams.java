package io.beringia.gateway.http2;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Numbers of streams that a peer has left out, and so may not come back to (RFC 9113, 5.1.1). Lives on its connection's event
 * loop.
 */
final class SkippedStreams {
    /** Clients that count as others do leave out none. */
    private static final int GAPS_MAX = 100;

    private static final int STEP = 2;

    private final Deque<Gap> gaps = new ArrayDeque<>();
    private int next = 1;

    /** @param to the first number that is none of it */
    private record Gap(int from, int to) {
        private boolean contains(int id) {
            return id >= from && id < to;
        }
    }

    /** The peer opened this stream, the highest so far. */
    void opened(int id) {
        if (id > next) {
            gaps.addLast(new Gap(next, id));
        }
        if (gaps.size() > GAPS_MAX) {
            gaps.removeFirst();
        }
        next = id + STEP;
    }

    boolean contains(int id) {
        return gaps.stream().anyMatch(gap -> gap.contains(id));
    }
}
