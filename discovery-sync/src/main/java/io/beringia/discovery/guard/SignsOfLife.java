package io.beringia.discovery.guard;

import io.beringia.discovery.catalog.ClusterId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * For how long a cluster may show no sign of life before what it told is over (KEP-1645, "EndpointSlice TTL"). Where more
 * than half of all clusters fell silent together it is us who are cut off, and nothing is over. Pure but for what it
 * remembers; owned by the thread that looks.
 */
public final class SignsOfLife {
    public static final Duration LEASE = Duration.ofSeconds(60);

    /** A quarter of the lease. */
    public static final Duration RENEW_EVERY = LEASE.dividedBy(4);

    private static final Duration TOGETHER = Duration.ofSeconds(10);

    private final Map<ClusterId, Instant> lastAlive = new HashMap<>();
    private Instant looked;

    /** Whoever begins to look gives everybody one full lease, since it has seen nothing of the time before. */
    public SignsOfLife(Collection<ClusterId> peers, Instant start) {
        peers.forEach(peer -> lastAlive.put(peer, start));
        this.looked = start;
    }

    /** Those that live now, and the time. */
    public void seen(Set<ClusterId> alive, Instant now) {
        looked = now;
        lastAlive.replaceAll((peer, before) -> alive.contains(peer) ? now : before);
    }

    /** Who showed none for a whole lease, as of the last look. */
    public Set<ClusterId> expired() {
        Set<ClusterId> silent = lastAlive.entrySet().stream()
                .filter(peer -> !looked.isBefore(peer.getValue().plus(LEASE)))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        return silent.isEmpty() || areWeIsolated() ? Set.of() : silent;
    }

    private boolean areWeIsolated() {
        List<Instant> fellSilent =
                lastAlive.values().stream().filter(looked::isAfter).sorted().toList();
        return fellSilent.stream()
                .anyMatch(first -> 2
                                * fellSilent.stream()
                                        .filter(at -> !at.isBefore(first) && !at.isAfter(first.plus(TOGETHER)))
                                        .count()
                        > lastAlive.size());
    }
}
