package io.beringia.failover.console;

import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.failover.operator.Outlook;
import io.beringia.failover.operator.RegionsStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One picture: all that the console shows, at one moment.
 *
 * @param at the candidate's clock
 * @param timeline the newest first
 */
public record ConsoleView(
        Instant at, RegionsStatus status, List<Timeline.Entry> timeline, Optional<RunningDrill> drill) {
    public ConsoleView {
        timeline = List.copyOf(timeline);
    }

    /** The part of a picture that does not change by growing old. */
    record Standing(
            Optional<PlanVersion> plan,
            List<Timeline.Entry> newest,
            List<Outlook.Level> levels,
            List<PathState> paths,
            Optional<RunningDrill> drill) {}

    Standing standing() {
        return new Standing(
                status.leading().map(view -> view.plan().version()),
                timeline.stream().limit(1).toList(),
                Outlook.of(status).lines().stream().map(Outlook.Line::level).toList(),
                status.evidence().stream()
                        .flatMap(site -> site.evidence().observers().stream())
                        .flatMap(observer -> observer.paths().stream())
                        .map(path -> path.state())
                        .toList(),
                drill);
    }
}
