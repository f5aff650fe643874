package io.beringia.discovery.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What faults make of the events of one watch. Lives with its {@link WatchStream}. */
final class WatchDisorder {
    private Optional<WatchEvent> late = Optional.empty();

    /** What is sent instead. */
    List<WatchEvent> of(List<WatchEvent> events, LabFault fault) {
        List<WatchEvent> sent = new ArrayList<>();
        for (WatchEvent event : events) {
            switch (fault) {
                case LabFault.LostEvents() -> {}
                case LabFault.DuplicatedEvents() -> sent.addAll(List.of(event, event));
                case LabFault.ReorderedEvents() -> sent.addAll(swapped(event));
                case LabFault.None _,
                        LabFault.Freeze _,
                        LabFault.HalfOpen _,
                        LabFault.SlowLists _,
                        LabFault.SlowListsOf _,
                        LabFault.FutureWatches _,
                        LabFault.Busy _,
                        LabFault.EmptyLists _,
                        LabFault.TruncatedAnswers _,
                        LabFault.VersionsBackwards _,
                        LabFault.BrokenWatches _,
                        LabFault.ClockSkew _ -> sent.addAll(inTurn(event));
            }
        }
        return sent;
    }

    private List<WatchEvent> swapped(WatchEvent event) {
        Optional<WatchEvent> before = late;
        late = before.isPresent() ? Optional.empty() : Optional.of(event);
        return before.map(first -> List.of(event, first)).orElse(List.of());
    }

    private List<WatchEvent> inTurn(WatchEvent event) {
        Optional<WatchEvent> before = late;
        late = Optional.empty();
        return before.map(first -> List.of(first, event)).orElse(List.of(event));
    }
}
