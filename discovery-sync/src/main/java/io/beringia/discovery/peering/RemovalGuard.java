package io.beringia.discovery.peering;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which resources may go that are merely missing from a list: a peer that came up empty says the same as one whose
 * services were all removed. A few may go at once. Many, or all, stay until a second list, at least a minute later, lacks
 * them too. Never by time alone. Pure but for what it remembers; owned by the peer's thread.
 */
final class RemovalGuard {
    /** How long a first list's word stands alone. */
    static final Duration SECOND_LOOK = Duration.ofSeconds(60);

    /** Services that may be missing at once without doubt. */
    private static final int FEW = 50;

    /** Or so many of a hundred. */
    private static final int FEW_PERCENT = 30;

    private final Map<String, Instant> missingSince = new HashMap<>();
    private final RemovalPause pause = new RemovalPause();

    /** For what the peer takes back by its own word. */
    RemovalPause pause() {
        return pause;
    }

    /**
     * Those of the missing that may go.
     *
     * @param missing held, but not in the list that was just read whole
     * @param services number of services held, the missing ones included
     */
    List<String> released(Set<String> missing, int services, Instant now) {
        missingSince.keySet().retainAll(missing);
        missing.forEach(name -> doubt(name, now));
        long missingServices = missing.stream().filter(RemovalGuard::isService).count();
        boolean few =
                missingServices < services && missingServices <= Math.max(FEW, services * (long) FEW_PERCENT / 100);
        List<String> released = missing.stream()
                .filter(name -> (few && isService(name)) || isConfirmed(name, now))
                .sorted()
                .toList();
        released.forEach(missingSince::remove);
        return released;
    }

    /** The peer says that it lost sight of this one. */
    void doubt(String name, Instant now) {
        missingSince.putIfAbsent(name, now);
    }

    void clear() {
        missingSince.clear();
        pause.clear();
    }

    /** Without its gateways, all of a cluster is lost: those never go at once. */
    static boolean isService(String name) {
        return name.startsWith("service/");
    }

    private boolean isConfirmed(String name, Instant now) {
        Instant since = missingSince.get(name);
        return since != null && !now.isBefore(since.plus(SECOND_LOOK));
    }

    /** When to ask for another list; empty while nothing is held back. */
    Optional<Instant> secondLook() {
        return missingSince.values().stream().min(Instant::compareTo).map(since -> since.plus(SECOND_LOOK));
    }

    /** How many are kept although a list lacked them, or the peer took them back. */
    int heldBack() {
        return missingSince.size() + pause.names().size();
    }
}
