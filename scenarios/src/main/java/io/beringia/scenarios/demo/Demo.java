package io.beringia.scenarios.demo;

import io.beringia.discovery.catalog.RegionPhase;
import io.beringia.scenarios.drill.Measurement;
import io.beringia.scenarios.drill.Notice;
import io.beringia.scenarios.drill.Story;
import io.beringia.scenarios.drill.Timeline;
import io.beringia.scenarios.drill.Verdict;
import io.beringia.scenarios.fault.Signal;
import io.beringia.scenarios.load.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The demo as it runs: load from both regions while an application goes unready, while a whole region is lost, and after
 * its return. Owned by the thread that runs it.
 */
public final class Demo {
    /** Together with the time to commit it must stay below half a minute of loss. */
    private static final Duration EVACUATED_WITHIN = Duration.ofSeconds(15);

    private static final Duration SERVING_WITHIN = Duration.ofMinutes(4);

    private static final String HYPOTHESIS = "a region is lost and comes back, and no new connection fails";

    private final Plan plan;
    private final DemoProcesses processes;
    private final MeshWatch mesh;
    private final Story story;
    private final long origin;

    private Demo(Plan plan, DemoProcesses processes, MeshWatch mesh, Story story, long origin) {
        this.plan = plan;
        this.processes = processes;
        this.mesh = mesh;
        this.story = story;
        this.origin = origin;
    }

    /**
     * What to run.
     *
     * @param directory a new one, for certificates, configurations, journals and logs
     * @param perSecond new connections a second over all clients, a multiple of 4
     * @param progress hears what is being done
     */
    public record Plan(Path directory, int perSecond, Consumer<String> progress) {}

    /** What the demo showed, and every connection that it rests on. */
    public record Result(Verdict verdict, List<Outcome> outcomes) {}

    /** Sees the result while everything still runs. */
    @FunctionalInterface
    public interface Audience {
        /** @param guide how to look around, in a few lines for a terminal */
        void show(Result result, String guide) throws IOException;
    }

    /** Runs it whole, in three to five minutes; when it returns, nothing is left running. */
    public static Result run(Plan plan, Audience audience) throws IOException, InterruptedException {
        Preflight.check(DemoProcesses.listeners());
        plan.progress().accept("writing certificates, manifests and configurations to " + plan.directory());
        DemoFiles files = DemoFiles.write(plan.directory());
        plan.progress().accept("starting thirteen processes: two regions and a witness");
        long origin = System.nanoTime();
        Timeline timeline = new Timeline();
        try (DemoProcesses processes =
                DemoProcesses.start(files, plan.directory().resolve("logs"), Seats.THIS_MACHINE)) {
            processes.awaitReady(plan.progress());
            try (MeshWatch mesh =
                    MeshWatch.start(files, List.of(DemoRegion.WITNESS, DemoRegion.WEST), timeline, origin)) {
                Result result = told(plan, processes, mesh, timeline, origin, files);
                audience.show(result, DemoGuide.of(files));
                return result;
            }
        }
    }

    /** Consoles show what happens while it does. */
    private static Result told(
            Plan plan, DemoProcesses processes, MeshWatch mesh, Timeline timeline, long origin, DemoFiles files)
            throws IOException, InterruptedException {
        try (Notice notice = Notice.post(plan.directory(), "demo", HYPOTHESIS, InstantSource.system())) {
            return new Demo(plan, processes, mesh, new Story(timeline, origin, notice), origin).play(files);
        }
    }

    private Result play(DemoFiles files) throws IOException, InterruptedException {
        try (DemoLoad load = DemoLoad.start(plan.perSecond(), origin)) {
            plan.progress().accept("warming up");
            load.warmUp();
            load.openStreams();
            tell();
            load.stop();
            Measurement east = new Measurement(
                    story,
                    load.outcomes(),
                    load.streams(),
                    DemoRegion.EAST.region().name());
            Verdict verdict = new DemoJudge(Reckoning.of(files, east)).verdict();
            return new Result(verdict, load.outcomes());
        }
    }

    private void tell() throws IOException, InterruptedException {
        during(DemoStory.STEADY, () -> pause(Duration.ofSeconds(12)));
        during(DemoStory.UNREADY, () -> {
            story.mark("echo unready", () -> processes.tell(DemoProcesses.application(DemoRegion.EAST), "unready"));
            pause(Duration.ofSeconds(8));
        });
        during(DemoStory.READY_AGAIN, () -> {
            story.mark("echo ready", () -> processes.tell(DemoProcesses.application(DemoRegion.EAST), "ready"));
            pause(Duration.ofSeconds(6));
        });
        story.fault("us-east lost", () -> processes.send(DemoRegion.EAST, Signal.STOP));
        during(DemoStory.LOST, this::lose);
        during(DemoStory.RETURNS, this::comeBack);
        during(DemoStory.BOTH_AGAIN, () -> pause(Duration.ofSeconds(10)));
    }

    /** Frozen first, as by a network that is gone; killed once the leader has written that it is. */
    private void lose() throws IOException, InterruptedException {
        mesh.await(DemoRegion.EAST.region(), RegionPhase.EVACUATED, EVACUATED_WITHIN);
        story.mark("us-east killed", () -> processes.kill(DemoRegion.EAST));
        story.staleWrites(mesh.offerUnderAnOlderEpoch());
        pause(Duration.ofSeconds(8));
    }

    private void comeBack() throws IOException, InterruptedException {
        story.mark("us-east started", () -> processes.start(DemoRegion.EAST.region() + "/*"));
        processes.awaitReady(plan.progress());
        mesh.await(DemoRegion.EAST.region(), RegionPhase.ACTIVE, SERVING_WITHIN);
        story.mark("us-east active", () -> {});
    }

    private void during(Story.Chapter chapter, Story.Step step) throws IOException, InterruptedException {
        plan.progress().accept(chapter.title());
        story.during(chapter, step);
    }

    private static void pause(Duration length) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(length.toNanos());
    }
}
