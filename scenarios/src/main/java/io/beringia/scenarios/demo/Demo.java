package io.beringia.scenarios.demo;

import io.beringia.discovery.catalog.RegionPhase;
import io.beringia.scenarios.drill.Timeline;
import io.beringia.scenarios.drill.Verdict;
import io.beringia.scenarios.fault.Signal;
import io.beringia.scenarios.load.Answer;
import io.beringia.scenarios.load.LoadClient;
import io.beringia.scenarios.load.LoadPlan;
import io.beringia.scenarios.load.LongStream;
import io.beringia.scenarios.load.Outcome;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The demo as it runs: load from both regions while an application goes unready, while a whole region is lost, and after
 * its return. Owned by the thread that runs it.
 */
public final class Demo {
    /** Cold code is slow; nothing counts before this long passed without a failure. */
    private static final Duration QUIET = Duration.ofSeconds(4);

    private static final Duration WARM_UP_MAX = Duration.ofSeconds(90);

    /** Half of the connections go elsewhere when both regions count alike; chance is granted the rest. */
    private static final double SPREAD_MIN = 0.35;

    private static final Duration DEADLINE = Duration.ofSeconds(5);

    /** Together with the time to commit it must stay below half a minute of loss. */
    private static final Duration EVACUATED_WITHIN = Duration.ofSeconds(15);

    private static final Duration SERVING_WITHIN = Duration.ofMinutes(1);
    private static final int STREAMS_PER_FLOW = 13;

    private final Plan plan;
    private final DemoProcesses processes;
    private final MeshWatch mesh;
    private final DemoStory story;
    private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    private final long origin;

    private Demo(Plan plan, DemoProcesses processes, MeshWatch mesh, DemoStory story, long origin) {
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

    /** Runs it whole, in about two minutes; when it returns, nothing is left running. */
    public static Result run(Plan plan, Audience audience) throws IOException, InterruptedException {
        Preflight.check(DemoProcesses.listeners());
        plan.progress().accept("writing certificates, manifests and configurations to " + plan.directory());
        DemoFiles files = DemoFiles.write(plan.directory());
        plan.progress().accept("starting thirteen processes: two regions and a witness");
        long origin = System.nanoTime();
        Timeline timeline = new Timeline();
        try (DemoProcesses processes =
                DemoProcesses.start(files, plan.directory().resolve("logs"))) {
            processes.awaitReady(plan.progress());
            try (MeshWatch mesh = MeshWatch.start(files, timeline, origin)) {
                DemoStory story = new DemoStory(timeline, origin);
                Result result = new Demo(plan, processes, mesh, story, origin).play(files);
                audience.show(result, DemoGuide.of(files));
                return result;
            }
        }
    }

    private Result play(DemoFiles files) throws IOException, InterruptedException {
        List<LoadClient> clients = plans("web").stream()
                .map(one -> LoadClient.start(one, origin, outcomes::add))
                .toList();
        List<LongStream> streams;
        try {
            plan.progress().accept("warming up");
            warmUp();
            streams = IntStream.range(0, STREAMS_PER_FLOW)
                    .boxed()
                    .flatMap(i -> plans("stream-" + i).stream())
                    .map(one -> LongStream.start(one, origin))
                    .toList();
            tell();
        } finally {
            clients.forEach(LoadClient::close);
        }
        List<Outcome> all = List.copyOf(outcomes);
        Verdict verdict = new DemoJudge(files, story, MeshMeters.of(DemoRegion.WEST), all, streams).verdict();
        streams.forEach(LongStream::close);
        return new Result(verdict, all);
    }

    /**
     * Until, for {@link #QUIET}, every connection was answered and us-west's clients of echo-any went to both regions alike: a
     * way that was shut at the start opens slowly. At most {@link #WARM_UP_MAX}.
     */
    private void warmUp() throws InterruptedException {
        long end = now() + WARM_UP_MAX.toNanos();
        do {
            pause(QUIET);
        } while (now() < end && !isSettled(now() - QUIET.toNanos()));
    }

    private boolean isSettled(long sinceNanos) {
        List<Outcome> recent = outcomes.stream()
                .filter(outcome -> outcome.endedNanos() >= sinceNanos)
                .toList();
        return !recent.isEmpty() && recent.stream().noneMatch(Outcome::failed) && elsewhere(recent) >= SPREAD_MIN;
    }

    /** The part of us-west's connections to echo-any that us-east answered. */
    private static double elsewhere(List<Outcome> outcomes) {
        List<String> servers = outcomes.stream()
                .filter(outcome -> outcome.plan().service().equals(DemoService.ECHO_ANY.word())
                        && outcome.plan()
                                .region()
                                .equals(DemoRegion.WEST.region().name()))
                .flatMap(outcome -> outcome.answer().stream())
                .map(Answer::region)
                .toList();
        long east =
                servers.stream().filter(DemoRegion.EAST.region().name()::equals).count();
        return servers.isEmpty() ? 0 : (double) east / servers.size();
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
        story.mark(DemoStory.FAULT, () -> processes.send(DemoRegion.EAST, Signal.STOP));
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
        story.mark("us-east started", () -> processes.start(DemoRegion.EAST));
        processes.awaitReady(plan.progress());
        mesh.await(DemoRegion.EAST.region(), RegionPhase.ACTIVE, SERVING_WITHIN);
        story.mark("us-east active", () -> {});
    }

    private void during(DemoStory.Chapter chapter, DemoStory.Step step) throws IOException, InterruptedException {
        plan.progress().accept(chapter.title());
        story.during(chapter, step);
    }

    private List<LoadPlan> plans(String name) {
        return DemoRegion.ALL.stream()
                .flatMap(region -> Stream.of(DemoService.values()).map(service -> load(name, region, service)))
                .toList();
    }

    private LoadPlan load(String name, DemoRegion region, DemoService service) {
        var listener = region.listener(service);
        return new LoadPlan(
                name + "-" + service.word() + "-" + region.region(),
                service.word(),
                region.region().name(),
                new InetSocketAddress(listener.ip().toString(), listener.port()),
                region.clientIdentity().toString(),
                plan.perSecond() / 4,
                DEADLINE);
    }

    private static void pause(Duration length) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(length.toNanos());
    }

    private long now() {
        return System.nanoTime() - origin;
    }
}
