package io.beringia.discovery.peering;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Services that a peer takes back by its own word, so many at once that it is more likely a mistake there: a definition
 * deleted, a namespace wiped. They stay for half a minute, for whoever undoes it, and then they go. Pure but for what it
 * remembers; owned by the peer's thread.
 */
final class RemovalPause {
    static final Duration PAUSE = Duration.ofSeconds(30);

    /** What is taken back within this belongs together. */
    static final Duration TOGETHER = Duration.ofSeconds(10);

    /** So few are everyday work, whatever part of the whole they are. */
    private static final int FEW = 5;

    /** Or so many of a hundred. */
    private static final int HALF = 50;

    private final Deque<Instant> lately = new ArrayDeque<>();
    private final Map<String, Instant> dueAt = new HashMap<>();

    /**
     * Those that go at once; the others are due later.
     *
     * @param names of resources that are held and were taken back together
     * @param services number of services held, these included
     */
    List<String> admitted(List<String> names, int services, Instant now) {
        lately.removeIf(at -> at.plus(TOGETHER).isBefore(now));
        List<String> ofServices = names.stream().filter(RemovalGuard::isService).toList();
        int before = services + lately.size();
        int together = ofServices.size() + lately.size() + dueAt.size();
        if (together > Math.max(FEW, before * HALF / 100)) {
            ofServices.forEach(name -> dueAt.putIfAbsent(name, now.plus(PAUSE)));
            return names.stream().filter(name -> !dueAt.containsKey(name)).toList();
        }
        ofServices.forEach(name -> lately.add(now));
        return names;
    }

    /** Those whose time is over; once. */
    List<String> due(Instant now) {
        List<String> due = dueAt.entrySet().stream()
                .filter(it -> !now.isBefore(it.getValue()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        dueAt.keySet().removeAll(due);
        return due;
    }

    /** The peer has these after all. */
    void undone(Set<String> names) {
        dueAt.keySet().removeAll(names);
    }

    Set<String> names() {
        return Set.copyOf(dueAt.keySet());
    }

    void clear() {
        lately.clear();
        dueAt.clear();
    }
}
