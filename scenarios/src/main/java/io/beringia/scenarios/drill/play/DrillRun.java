package io.beringia.scenarios.drill.play;

import io.beringia.scenarios.demo.DemoFiles;
import io.beringia.scenarios.demo.DemoLoad;
import io.beringia.scenarios.demo.DemoProcesses;
import io.beringia.scenarios.demo.DemoRegion;
import io.beringia.scenarios.demo.MeshWatch;
import io.beringia.scenarios.demo.Reckoning;
import io.beringia.scenarios.drill.Expectation;
import io.beringia.scenarios.drill.Flow;
import io.beringia.scenarios.drill.Measurement;
import io.beringia.scenarios.drill.Notice;
import io.beringia.scenarios.drill.Phase;
import io.beringia.scenarios.drill.Story;
import io.beringia.scenarios.drill.Timeline;
import io.beringia.scenarios.drill.Verdict;
import io.beringia.scenarios.fault.LinkFaults;
import io.beringia.scenarios.fault.Testbed;
import io.beringia.scenarios.load.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Plays one drill in the hub of a {@link Testbed}, with processes at its sites. Owned by the thread that runs it. */
public final class DrillRun {
    /** By then whatever a chapter did has arrived everywhere. */
    private static final Duration SETTLED = Duration.ofSeconds(3);

    /** A plan is acknowledged within a second; processes that just began may owe it for longer. */
    private static final Duration READY_WITHIN = Duration.ofSeconds(20);

    private final Drill drill;
    private final Path directory;
    private final Consumer<String> progress;
    private final long origin = System.nanoTime();
    private final Story story;

    private DrillRun(Drill drill, Path directory, Consumer<String> progress, Story.Audience audience) {
        this.drill = drill;
        this.directory = directory;
        this.progress = progress;
        this.story = new Story(new Timeline(), origin, audience);
    }

    /** What it came to, and every connection on which that rests. */
    public record Result(Verdict verdict, List<Outcome> outcomes) {
        public Result {
            outcomes = List.copyOf(outcomes);
        }
    }

    /**
     * From fresh files and processes to the last of them.
     *
     * @param name of the library
     * @param testbed the prefix of its namespaces
     * @param directory a new one, for everything that the run writes
     */
    public static Result play(String name, String testbed, Path directory, Consumer<String> progress)
            throws IOException, InterruptedException {
        Drill drill = DrillFile.named(name);
        DemoFiles files = DemoFiles.write(directory);
        try (Notice notice = Notice.post(directory, drill.name(), drill.hypothesis(), InstantSource.system())) {
            return new DrillRun(drill, directory, progress, notice).play(testbed, files);
        }
    }

    private Result play(String testbed, DemoFiles files) throws IOException, InterruptedException {
        Path logs = Files.createDirectories(directory.resolve("logs"));
        progress.accept("starting the processes of " + DemoRegion.SITES.size() + " sites");
        try (LinkFaults links = LinkFaults.in(
                        List.of(),
                        new LinkFaults.Programs(
                                DemoProcesses.beringia("watchdog"), DemoProcesses.beringia("emulate-link")),
                        logs);
                DemoProcesses processes =
                        DemoProcesses.start(files, logs, region -> Testbed.seat(testbed, region.site()))) {
            processes.awaitReady(progress);
            try (MeshWatch mesh = MeshWatch.start(files, DemoRegion.SITES, story.timeline(), origin);
                    DemoLoad load = DemoLoad.start(drill.perSecond(), origin)) {
                return play(files, load, new Stage(processes, links, mesh, files, story));
            }
        }
    }

    private Result play(DemoFiles files, DemoLoad load, Stage stage) throws IOException, InterruptedException {
        progress.accept("warming up");
        List<String> unmet = load.warmUp() ? unmet() : List.of("a settled load");
        load.openStreams();
        String broken = unmet.isEmpty() ? tell(load, stage) : "";
        load.stop();
        Reckoning reckoning = Reckoning.of(
                files,
                new Measurement(
                        story,
                        load.outcomes(),
                        load.streams(),
                        drill.region().region().name()));
        Verdict judged = judge(reckoning, stage.expectations());
        return new Result(brokenOff(judged, unmet, broken, reckoning.measurement()), load.outcomes());
    }

    /** What of the preconditions does not hold, after it had some time to. */
    private List<String> unmet() throws InterruptedException {
        long end = story.now() + READY_WITHIN.toNanos();
        List<String> unmet = unmetNow();
        while (!unmet.isEmpty() && story.now() < end) {
            TimeUnit.NANOSECONDS.sleep(MeshWatch.LOOK_EVERY.toNanos());
            unmet = unmetNow();
        }
        return unmet;
    }

    private List<String> unmetNow() {
        return drill.preconditions().stream()
                .filter(one -> !one.holds(story.timeline()))
                .map(Precondition::toString)
                .toList();
    }

    private static Verdict brokenOff(Verdict judged, List<String> unmet, String broken, Measurement measurement) {
        if (!unmet.isEmpty()) {
            return judged.brokenOff(
                    Verdict.Outcome.INVALID,
                    "the mesh was not well before the fault: without " + String.join(", ", unmet));
        }
        long before = measurement.failedBeforeFault();
        if (before > 0) {
            return judged.brokenOff(
                    Verdict.Outcome.INVALID,
                    "the mesh was not well before the fault: " + before + " connections failed");
        }
        return broken.isEmpty() ? judged : judged.brokenOff(Verdict.Outcome.INTERRUPTED, broken);
    }

    /** Why it was broken off; empty at its end. */
    private String tell(DemoLoad load, Stage stage) throws IOException, InterruptedException {
        AbortWatch abort = new AbortWatch(drill.abort(), load::outcomes, story::now);
        try {
            for (Drill.Chapter chapter : drill.chapters()) {
                progress.accept(chapter.title());
                story.during(new Story.Chapter(chapter.title(), chapter.lost()), () -> {
                    for (Step step : chapter.steps()) {
                        stage.perform(step, () -> abort.check(chapter.lost()));
                    }
                });
            }
            return "";
        } catch (AbortWatch.Aborted aborted) {
            return String.valueOf(aborted.getMessage());
        }
    }

    private Verdict judge(Reckoning reckoning, List<Expectation> of) {
        Evidence evidence = new Evidence(
                reckoning.measurement(),
                reckoning.tally(),
                reckoning.findings(),
                reckoning.flows(),
                lastFlows(reckoning));
        List<Expectation> expectations = Stream.of(
                        drill.expectations().stream().map(one -> one.judge(evidence)),
                        of.stream(),
                        Stream.of(
                                Expectation.none(
                                        "identity mismatches", reckoning.tally().mismatched()),
                                Expectation.none(
                                        "requests served twice",
                                        reckoning.tally().duplicated()),
                                reckoning.ledgers()))
                .flatMap(Function.identity())
                .toList();
        return Verdict.of(
                drill.name(),
                reckoning.tally(),
                reckoning.flows(),
                story.phases(),
                reckoning.measurement().marks(),
                expectations,
                reckoning.findings());
    }

    private Map<String, List<Flow>> lastFlows(Reckoning reckoning) {
        List<Phase> ends = story.phases().stream()
                .map(phase -> new Phase(
                        phase.name(),
                        Math.max(phase.startNanos(), phase.endNanos() - SETTLED.toNanos()),
                        phase.endNanos(),
                        Set.of()))
                .toList();
        return Flow.all(reckoning.measurement().outcomes(), ends).stream()
                .collect(Collectors.groupingBy(Flow::phase, TreeMap::new, Collectors.toList()));
    }
}
