package io.beringia.scenarios.drill;

import io.beringia.scenarios.load.LongStream;
import io.beringia.scenarios.load.Outcome;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a drill saw of one region, from its story, its load and its streams.
 *
 * @param outcomes of all connections
 * @param region the one that suffers
 */
public record Measurement(Story story, List<Outcome> outcomes, Collection<LongStream> streams, String region) {
    private static final long HUNG_MILLIS = 5_000;

    public Measurement {
        outcomes = List.copyOf(outcomes);
        streams = List.copyOf(streams);
    }

    /** What was done, and what the leader made of it. */
    public Map<String, Long> marks() {
        Map<String, Long> marks = new LinkedHashMap<>(story.marks());
        for (Timeline.Event event : story.timeline().events()) {
            if (event.observer().equals(Timeline.LEADER) && event.subject().equals(region)) {
                marks.putIfAbsent(event.word(), TimeUnit.NANOSECONDS.toMillis(event.atNanos()));
            }
        }
        return marks;
    }

    public Findings.Times times() {
        long from = faultNanos();
        OptionalLong committed = story.timeline().firstMillis(region, Set.of("EVACUATING", "EVACUATED"), from);
        return new Findings.Times(
                story.faultMillis(),
                story.timeline().firstMillis(region, Set.of("SUSPECT", "DOWN"), from),
                story.timeline().firstMillis(region, Set.of("DOWN"), from),
                committed,
                lastError(from),
                pushed(committed));
    }

    private List<Long> pushed(OptionalLong committed) {
        if (committed.isEmpty()) {
            return List.of();
        }
        long from = TimeUnit.MILLISECONDS.toNanos(committed.getAsLong());
        return story.timeline().firstMillisOfEach(Timeline.PLAN, Timeline.ACKNOWLEDGED, from, Set.of(region)).stream()
                .map(at -> at - committed.getAsLong())
                .toList();
    }

    private OptionalLong lastError(long fromNanos) {
        return outcomes.stream()
                .filter(outcome -> outcome.failed()
                        && outcome.dueNanos() >= fromNanos
                        && !outcome.plan().region().equals(region))
                .mapToLong(outcome -> TimeUnit.NANOSECONDS.toMillis(outcome.endedNanos()))
                .max();
    }

    /** Connections that failed before anything was done to the mesh: it was not well, and neither is what follows. */
    public long failedBeforeFault() {
        long fault = story.faultMillis().isPresent() ? faultNanos() : Long.MAX_VALUE;
        long start = story.phases().isEmpty() ? 0 : story.phases().getFirst().startNanos();
        return outcomes.stream()
                .filter(outcome -> outcome.failed() && outcome.dueNanos() >= start && outcome.endedNanos() < fault)
                .count();
    }

    public Findings.InFlight inFlight() {
        long fault = story.faultMillis().orElse(0);
        List<LongStream.View> dead = onTheDeadPath().map(LongStream::view).toList();
        List<Long> resets = dead.stream()
                .flatMap(view -> view.brokenNanos().stream())
                .map(at -> TimeUnit.NANOSECONDS.toMillis(at) - fault)
                .filter(after -> after <= HUNG_MILLIS)
                .toList();
        return new Findings.InFlight(dead.size(), 0, dead.size() - resets.size(), resets);
    }

    /** From elsewhere, and served by the region until the fault. */
    private Stream<LongStream> onTheDeadPath() {
        return streams.stream()
                .filter(stream -> !stream.plan().region().equals(region)
                        && stream.view().region().filter(region::equals).isPresent()
                        && stream.view().brokenNanos().orElse(Long.MAX_VALUE) >= faultNanos());
    }

    /** From the fault to the last reset; a stream that hangs counts until now. */
    public long slowestResetMillis() {
        long fault = story.faultMillis().orElse(0);
        return onTheDeadPath()
                .mapToLong(stream -> TimeUnit.NANOSECONDS.toMillis(
                                stream.view().brokenNanos().orElse(story.now()))
                        - fault)
                .max()
                .orElse(0);
    }

    /** Streams from one region that another serves: broken at any time. */
    public long broken(String from, String by) {
        return streams.stream()
                .filter(stream -> stream.plan().region().equals(from)
                        && stream.view().region().filter(by::equals).isPresent()
                        && stream.view().brokenNanos().isPresent())
                .count();
    }

    /** How the region came back, given how many connections failed meanwhile. */
    public Findings.Failback failback(long errors) {
        return new Findings.Failback(
                story.timeline().count(region + Timeline.RAMP),
                Math.max(0, story.timeline().count(region, "EVACUATED") - 1),
                errors);
    }

    /** When the first fault was, since the start of the load; 0 without one. */
    public long faultNanos() {
        return TimeUnit.MILLISECONDS.toNanos(story.faultMillis().orElse(0));
    }
}
