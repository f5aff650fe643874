package io.beringia.discovery.guard;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What is taken back by word, so much of it at once that it is more likely a mistake there: a definition
 * deleted, a namespace wiped. They stay for half a minute, for whoever undoes it, and then they go. Pure but for what it
 * remembers; owned by the
 * thread that hears it.
 */
public final class RemovalPause {
    public static final Duration PAUSE = Duration.ofSeconds(30);

    /** What is taken back within this belongs together. */
    static final Duration TOGETHER = Duration.ofSeconds(10);

    /** So few are everyday work, whatever part of the whole they are. */
    private static final int FEW = 5;

    /** Or so many of a hundred. */
    private static final int HALF = 50;

    private final Deque<Instant> lately = new ArrayDeque<>();
    private final Map<String, Instant> dueAt = new HashMap<>();
    private final Predicate<String> ordinary;

    /** @param ordinary by name, what is counted and may have to wait; the rest goes at once */
    public RemovalPause(Predicate<String> ordinary) {
        this.ordinary = ordinary;
    }

    /**
     * Those that go at once; the others are due later.
     *
     * @param names of resources that are held and were taken back together
     * @param held number of ordinary ones held, these included
     */
    public List<String> admitted(List<String> names, int held, Instant now) {
        lately.removeIf(at -> at.plus(TOGETHER).isBefore(now));
        List<String> counted = names.stream().filter(ordinary).toList();
        int before = held + lately.size();
        int together = counted.size() + lately.size() + dueAt.size();
        if (together > Math.max(FEW, before * HALF / 100)) {
            counted.forEach(name -> dueAt.putIfAbsent(name, now.plus(PAUSE)));
            return names.stream().filter(name -> !dueAt.containsKey(name)).toList();
        }
        counted.forEach(name -> lately.add(now));
        return names;
    }

    /** Those whose time is over; once. */
    public List<String> due(Instant now) {
        List<String> due = dueAt.entrySet().stream()
                .filter(it -> !now.isBefore(it.getValue()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        dueAt.keySet().removeAll(due);
        return due;
    }

    /** These are there after all. */
    public void undone(Set<String> names) {
        dueAt.keySet().removeAll(names);
    }

    /** Whether that one was taken back and waits. */
    public boolean has(String name) {
        return dueAt.containsKey(name);
    }

    public Set<String> names() {
        return Set.copyOf(dueAt.keySet());
    }

    public void clear() {
        lately.clear();
        dueAt.clear();
    }
}
