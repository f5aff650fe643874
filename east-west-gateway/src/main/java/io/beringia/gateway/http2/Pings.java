package io.beringia.gateway.http2;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** PINGs that somebody else asked for (RFC 9113, 6.7), and who waits for each. Lives on its connection's event loop. */
final class Pings {
    /** Unanswered ones; more of them would tell nothing new. */
    static final int OPEN_MAX = 8;

    private final LongSupplier awakeNanos;
    private final Map<Long, Asked> open = new HashMap<>();
    /** Below zero, where {@link KeepAlive} has none of its own. */
    private long next = Long.MIN_VALUE;

    private record Asked(long atNanos, LongConsumer onAnswer) {}

    Pings(LongSupplier awakeNanos) {
        this.awakeNanos = awakeNanos;
    }

    /** The content of a new one; empty if too many are open. */
    Optional<Long> ask(LongConsumer onAnswer) {
        if (open.size() >= OPEN_MAX) {
            return Optional.empty();
        }
        long content = next++;
        open.put(content, new Asked(awakeNanos.getAsLong(), onAnswer));
        return Optional.of(content);
    }

    void onAnswer(long content) {
        Asked asked = open.remove(content);
        if (asked != null) {
            asked.onAnswer().accept(awakeNanos.getAsLong() - asked.atNanos());
        }
    }
}
