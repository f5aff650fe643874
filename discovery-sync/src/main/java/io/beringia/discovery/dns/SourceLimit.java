package io.beringia.discovery.dns;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/** How much one address may ask in a second; a resolver asks for a whole cluster. Owned by the thread that reads datagrams. */
final class SourceLimit {
    /** More sources than that in one second are a flood of forged ones: the rest is not told apart. */
    private static final int SOURCES_MAX = 16_384;

    private final int perSecond;
    private final Map<InetAddress, Integer> asked = new HashMap<>();
    private long second = Long.MIN_VALUE;

    SourceLimit(int perSecond) {
        this.perSecond = perSecond;
    }

    /** @param nowNanos by a clock that does not jump */
    boolean admits(InetAddress source, long nowNanos) {
        long current = Math.floorDiv(nowNanos, 1_000_000_000L);
        if (current != second) {
            second = current;
            asked.clear();
        }
        if (asked.size() >= SOURCES_MAX && !asked.containsKey(source)) {
            return false;
        }
        return asked.merge(source, 1, Integer::sum) <= perSecond;
    }
}
