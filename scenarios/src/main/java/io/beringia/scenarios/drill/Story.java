package io.beringia.scenarios.drill;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What was done in a drill, and when. Owned by the thread that runs it. */
public final class Story {
    private final List<Phase> phases = new ArrayList<>();
    private final Map<String, Long> marks = new LinkedHashMap<>();
    private final Timeline timeline;
    private final long origin;
    private final Audience audience;
    private Optional<String> fault = Optional.empty();
    private long staleWritesRejected;

    /** @param origin the reading of {@link System#nanoTime()} from which everything is counted */
    public Story(Timeline timeline, long origin, Audience audience) {
        this.timeline = timeline;
        this.origin = origin;
        this.audience = audience;
    }

    /** Hears of it while it happens, by the thread that plays. */
    public interface Audience {
        void onChapter(String title);

        void onFault(String name);
    }

    /** @param lost regions whose own clients do not count meanwhile */
    public record Chapter(String title, Set<String> lost) {}

    /** Something that takes its time. */
    @FunctionalInterface
    public interface Step {
        void run() throws IOException, InterruptedException;
    }

    public void during(Chapter chapter, Step step) throws IOException, InterruptedException {
        audience.onChapter(chapter.title());
        long start = now();
        step.run();
        phases.add(new Phase(chapter.title(), start, now(), chapter.lost()));
    }

    /** The moment before the deed: what began earlier is not to blame for it. */
    public void mark(String name, Step deed) throws IOException, InterruptedException {
        marks.put(name, TimeUnit.NANOSECONDS.toMillis(now()));
        deed.run();
    }

    /** The same; the first of them is the fault from which a drill counts. */
    public void fault(String name, Step deed) throws IOException, InterruptedException {
        fault = fault.isPresent() ? fault : Optional.of(name);
        mark(name, deed);
        audience.onFault(name);
    }

    public void staleWrites(long rejected) {
        staleWritesRejected += rejected;
    }

    public List<Phase> phases() {
        return phases;
    }

    public Phase phase(Chapter chapter) {
        return phases.stream()
                .filter(phase -> phase.name().equals(chapter.title()))
                .findFirst()
                .orElseThrow();
    }

    /** When the first fault was, since the start of the load; in milliseconds. */
    public OptionalLong faultMillis() {
        return fault.map(marks::get).map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    /** In milliseconds since the start of the load. */
    public Map<String, Long> marks() {
        return marks;
    }

    public Timeline timeline() {
        return timeline;
    }

    public long staleWritesRejected() {
        return staleWritesRejected;
    }

    /** Since the start of the load. */
    public long now() {
        return System.nanoTime() - origin;
    }
}
