package io.beringia.gateway.limits;

import io.beringia.discovery.catalog.IpAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Connections whose peers have not proved yet who they are. Each costs a TLS engine, and nobody can be held to account for
 * it: so there are no more than so many, and of one address (a /64 of IPv6) no more than half of them. Any thread.
 */
public final class HandshakesUnderWay {
    private final int most;
    private final AtomicInteger all = new AtomicInteger();
    /** As many entries as there are handshakes, at most. */
    private final Map<Long, Integer> ofSources = new ConcurrentHashMap<>();

    /** @param most of all sources, at least 2 */
    public HandshakesUnderWay(int most) {
        if (most < 2) {
            throw new IllegalArgumentException("handshakes: " + most + " (expected: at least 2)");
        }
        this.most = most;
    }

    /** One handshake more; empty if there is no room for it. */
    public Optional<Place> enter(IpAddress source) {
        if (all.incrementAndGet() > most) {
            all.decrementAndGet();
            return Optional.empty();
        }
        long key = SourceRates.key(source);
        if (ofSources.merge(key, 1, Integer::sum) > most / 2) {
            leave(key);
            return Optional.empty();
        }
        return Optional.of(new Place(key));
    }

    private void leave(long key) {
        ofSources.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1);
        all.decrementAndGet();
    }

    /** How many there are. */
    int count() {
        return all.get();
    }

    /** How many addresses they come from. */
    int sources() {
        return ofSources.size();
    }

    /** That of one connection. Lives on its event loop. */
    public final class Place {
        private final long key;
        private boolean left;

        private Place(long key) {
            this.key = key;
        }

        /** Gives it to others; more than once is the same as once. */
        public void leave() {
            if (!left) {
                left = true;
                HandshakesUnderWay.this.leave(key);
            }
        }
    }
}
