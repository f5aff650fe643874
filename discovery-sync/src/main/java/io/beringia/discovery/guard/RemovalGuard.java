package io.beringia.discovery.guard;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What may go that is merely missing from a list: whoever came up empty says the same as one of which all was removed. A few may go at once. Many, or all, stay until a second list, at least a minute later, lacks
 * them too. Never by time alone. Pure but for what it remembers; owned by the thread
 * that reads the lists.
 */
public final class RemovalGuard {
    /** How long a first list's word stands alone. */
    public static final Duration SECOND_LOOK = Duration.ofSeconds(60);

    /** What may be missing at once without doubt. */
    private static final int FEW = 50;

    /** Or so many of a hundred. */
    private static final int FEW_PERCENT = 30;

    private final Map<String, Instant> missingSince = new HashMap<>();
    private final Predicate<String> ordinary;
    private final RemovalPause pause;

    /** @param ordinary by name, what may go at once while it is little; the rest never does */
    public RemovalGuard(Predicate<String> ordinary) {
        this.ordinary = ordinary;
        this.pause = new RemovalPause(ordinary);
    }

    /** For what is taken back by word. */
    public RemovalPause pause() {
        return pause;
    }

    /**
     * Those of the missing that may go.
     *
     * @param missing held, but not in the list that was just read whole
     * @param held number of ordinary ones held, the missing ones included
     */
    public List<String> released(Set<String> missing, int held, Instant now) {
        noted(missing, now);
        long many = missing.stream().filter(ordinary).count();
        boolean few = many < held && many <= Math.max(FEW, held * (long) FEW_PERCENT / 100);
        List<String> released = missing.stream()
                .filter(name -> (few && ordinary.test(name)) || isConfirmed(name, now))
                .sorted()
                .toList();
        released.forEach(missingSince::remove);
        return released;
    }

    /** As {@link #released}, of a list that is to be doubted whatever it lacks: only what another lacked a minute before. */
    public List<String> confirmed(Set<String> missing, Instant now) {
        noted(missing, now);
        List<String> confirmed =
                missing.stream().filter(name -> isConfirmed(name, now)).sorted().toList();
        confirmed.forEach(missingSince::remove);
        return confirmed;
    }

    private void noted(Set<String> missing, Instant now) {
        missingSince.keySet().retainAll(missing);
        missing.forEach(name -> doubt(name, now));
    }

    /** Whoever had this one says that it lost sight of it. */
    public void doubt(String name, Instant now) {
        missingSince.putIfAbsent(name, now);
    }

    public void clear() {
        missingSince.clear();
        pause.clear();
    }

    private boolean isConfirmed(String name, Instant now) {
        Instant since = missingSince.get(name);
        return since != null && !now.isBefore(since.plus(SECOND_LOOK));
    }

    /** When to ask for another list; empty while nothing is held back. */
    public Optional<Instant> secondLook() {
        return missingSince.values().stream().min(Instant::compareTo).map(since -> since.plus(SECOND_LOOK));
    }

    /** What is kept. */
    public Held held() {
        return new Held(missingSince.size(), pause.names().size());
    }

    /**
     * How many are kept, and why.
     *
     * @param missing in a list, and waiting for a second one
     * @param takenBack by word, and waiting for whoever undoes it
     */
    public record Held(int missing, int takenBack) {
        public static final Held NOTHING = new Held(0, 0);

        public int all() {
            return missing + takenBack;
        }
    }
}
