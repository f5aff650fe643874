package io.beringia.scenarios.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What happened when, in words; who says the same of the same subject again is not heard. */
final class Timeline {
    private final WorldClock clock;
    private final List<Event> events = new ArrayList<>();
    private final Map<String, String> last = new TreeMap<>();

    Timeline(WorldClock clock) {
        this.clock = clock;
    }

    record Event(long millis, String text) {
        @Override
        public String toString() {
            return "%8.2f s  %s".formatted(millis / 1_000.0, text);
        }
    }

    void tell(String text) {
        events.add(new Event(clock.millis(), text));
    }

    /** Only where it is another state than before. */
    void tellState(String subject, String state) {
        if (!state.equals(last.put(subject, state))) {
            tell(subject + " " + state);
        }
    }

    /** The same; what a subject is at the beginning is no news. */
    void begin(String subject, String state) {
        last.put(subject, state);
    }

    List<Event> events() {
        return List.copyOf(events);
    }
}
