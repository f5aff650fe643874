package io.beringia.scenarios.demo;

import io.beringia.scenarios.drill.Phase;
import io.beringia.scenarios.drill.Timeline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What was done in the demo, and when. Owned by the thread that runs it. */
final class DemoStory {
    private static final Set<String> EAST = Set.of(DemoRegion.EAST.region().name());

    static final Chapter STEADY = new Chapter("1 steady", Set.of());
    static final Chapter UNREADY = new Chapter("2 echo unready in us-east", Set.of());
    static final Chapter READY_AGAIN = new Chapter("3 it is ready again", Set.of());
    static final Chapter LOST = new Chapter("4 us-east is lost", EAST);
    static final Chapter RETURNS = new Chapter("5 us-east returns", EAST);
    static final Chapter BOTH_AGAIN = new Chapter("6 both serve again", Set.of());

    static final String FAULT = "us-east lost";

    private final List<Phase> phases = new ArrayList<>();
    private final Map<String, Long> marks = new LinkedHashMap<>();
    private final Timeline timeline;
    private final long origin;
    private long staleWritesRejected;

    DemoStory(Timeline timeline, long origin) {
        this.timeline = timeline;
        this.origin = origin;
    }

    /** @param lost regions whose own clients do not count meanwhile */
    record Chapter(String title, Set<String> lost) {}

    /** Something that takes its time. */
    @FunctionalInterface
    interface Step {
        void run() throws IOException, InterruptedException;
    }

    void during(Chapter chapter, Step step) throws IOException, InterruptedException {
        long start = now();
        step.run();
        phases.add(new Phase(chapter.title(), start, now(), chapter.lost()));
    }

    /** The moment before the deed: what began earlier is not to blame for it. */
    void mark(String name, Step deed) throws IOException, InterruptedException {
        marks.put(name, TimeUnit.NANOSECONDS.toMillis(now()));
        deed.run();
    }

    void staleWrites(long rejected) {
        staleWritesRejected += rejected;
    }

    List<Phase> phases() {
        return phases;
    }

    Phase phase(Chapter chapter) {
        return phases.stream()
                .filter(phase -> phase.name().equals(chapter.title()))
                .findFirst()
                .orElseThrow();
    }

    /** When us-east was lost, since the start of the load. */
    OptionalLong fault() {
        Long millis = marks.get(FAULT);
        return millis == null ? OptionalLong.empty() : OptionalLong.of(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    Map<String, Long> marks() {
        return marks;
    }

    Timeline timeline() {
        return timeline;
    }

    long staleWritesRejected() {
        return staleWritesRejected;
    }

    long now() {
        return System.nanoTime() - origin;
    }
}
