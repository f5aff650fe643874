package io.beringia.gateway.observe;

import io.beringia.discovery.catalog.OutcomeCounts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How attempts end, and tunnels, on all event loops since somebody last took the counts. Any thread. */
public final class Outcomes {
    /** Of a second; what comes beyond is not counted. Far more clients and endpoints than are served in one. */
    static final int KEYS_MAX = 4_096;

    private final Map<OutcomeKey, OutcomeCounts> counts = new ConcurrentHashMap<>();

    void add(OutcomeKey key, OutcomeCounts one) {
        if (counts.size() < KEYS_MAX || counts.containsKey(key)) {
            counts.merge(key, one, OutcomeCounts::plus);
        }
    }

    /** All counts, which begin anew. What is counted meanwhile is in these or in the next, never in both or neither. */
    Map<OutcomeKey, OutcomeCounts> take() {
        Map<OutcomeKey, OutcomeCounts> taken = new HashMap<>();
        for (OutcomeKey key : List.copyOf(counts.keySet())) {
            OutcomeCounts one = counts.remove(key);
            if (one != null) {
                taken.put(key, one);
            }
        }
        return taken;
    }
}
