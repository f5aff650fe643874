package io.beringia.scenarios.world;

import io.beringia.discovery.guard.RemovalGuard;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a discovery keeps of the pods that its API lists, by the real guard; an API may come up empty. */
final class Listed {
    private final RemovalGuard guard = new RemovalGuard(name -> true);
    private boolean isEmpty;
    private boolean isAsked;
    private boolean isBelieved;

    void empty(boolean is) {
        isEmpty = is;
        isAsked = false;
    }

    /** Lists when something changed, and when the guard wants to see another one. */
    Places.Pods kept(Places.Pods there, Instant now) {
        Optional<Instant> again = guard.secondLook();
        if (!isAsked || again.filter(due -> !now.isBefore(due)).isPresent()) {
            isAsked = true;
            Set<String> missing = isEmpty ? names(there) : Set.of();
            int released = guard.released(missing, there.total(), now).size();
            isBelieved = isEmpty && (isBelieved || released == there.total());
        }
        return isBelieved ? new Places.Pods(0, 0) : there;
    }

    private static Set<String> names(Places.Pods pods) {
        return IntStream.range(0, pods.total()).mapToObj(i -> "cart-" + i).collect(Collectors.toSet());
    }
}
