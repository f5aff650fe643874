package io.beringia.scenarios.demo;

import io.beringia.scenarios.drill.Expectation;
import io.beringia.scenarios.drill.Flow;
import io.beringia.scenarios.drill.Phase;
import io.beringia.scenarios.drill.Tally;
import io.beringia.scenarios.drill.Verdict;
import io.beringia.scenarios.fault.Signal;
import io.beringia.scenarios.load.EchoApplication;
import io.beringia.scenarios.load.LoadClient;
import io.beringia.scenarios.load.LoadPlan;
import io.beringia.scenarios.load.LongStream;
import io.beringia.scenarios.load.Outcome;
import io.beringia.scenarios.load.Request;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The demo as it runs: load from both regions while one gateway, then a whole region, is frozen and comes back. Owned by
 * the thread that runs it.
 */
public final class Demo {
    /** Cold code is slow; nothing counts before this long passed without a failure. */
    private static final Duration QUIET = Duration.ofSeconds(4);

    private static final Duration WARM_UP_MAX = Duration.ofMinutes(1);
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final int STREAMS_PER_FLOW = 13;
    private static final long COUNTED_MIN = 5_000;
    /** How long a caller may wait for the news that its stream is dead. */
    private static final long RESET_MILLIS_MAX = 2_500;

    private final DemoProcesses processes;
    private final Consumer<String> progress;
    private final int perSecond;
    private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    private final List<Phase> phases = new ArrayList<>();
    private final Map<String, Long> marks = new LinkedHashMap<>();
    private final long origin = System.nanoTime();

    private Demo(DemoProcesses processes, int perSecond, Consumer<String> progress) {
        this.processes = processes;
        this.perSecond = perSecond;
        this.progress = progress;
    }

    /** What the demo showed, and every connection that it rests on. */
    public record Result(Verdict verdict, List<Outcome> outcomes) {}

    /**
     * Runs it whole, in about a minute and a half; nothing is left running.
     *
     * @param directory a new one, for certificates, configurations, journals and logs
     * @param perSecond new connections a second over all clients, a multiple of 4
     */
    public static Result run(Path directory, int perSecond, Consumer<String> progress)
            throws IOException, InterruptedException {
        progress.accept("writing certificates, catalogs and configurations to " + directory);
        DemoFiles files = DemoFiles.write(directory);
        progress.accept("starting ten processes for two regions");
        try (DemoProcesses processes = DemoProcesses.start(files, directory.resolve("logs"))) {
            processes.awaitReady();
            return new Demo(processes, perSecond, progress).play(files);
        }
    }

    private Result play(DemoFiles files) throws IOException, InterruptedException {
        List<LoadClient> clients = plans("web").stream()
                .map(plan -> LoadClient.start(plan, origin, outcomes::add))
                .toList();
        List<LongStream> streams;
        try {
            progress.accept("warming up");
            warmUp();
            streams = Stream.iterate(0, i -> i + 1)
                    .limit(STREAMS_PER_FLOW)
                    .flatMap(i -> plans("stream-" + i).stream())
                    .map(plan -> LongStream.start(plan, origin))
                    .toList();
            story();
        } finally {
            clients.forEach(LoadClient::close);
        }
        Result result = judge(files, streams);
        streams.forEach(LongStream::close);
        return result;
    }

    /** Until every connection of the last {@link #QUIET} was answered, at most {@link #WARM_UP_MAX}. */
    private void warmUp() throws InterruptedException {
        long end = now() + WARM_UP_MAX.toNanos();
        do {
            pause(QUIET);
        } while (now() < end && !quietSince(now() - QUIET.toNanos()));
    }

    private boolean quietSince(long nanos) {
        List<Outcome> recent = outcomes.stream()
                .filter(outcome -> outcome.endedNanos() >= nanos)
                .toList();
        return !recent.isEmpty() && recent.stream().noneMatch(Outcome::failed);
    }

    private void story() throws InterruptedException {
        phase("1 steady", Set.of(), Duration.ofSeconds(16));
        mark("gateway frozen", () -> processes.send(DemoProcesses.gateway(DemoRegion.WEST, 0), Signal.STOP));
        phase("2 a gateway is frozen", Set.of(), Duration.ofSeconds(12));
        mark("gateway back", () -> processes.send(DemoProcesses.gateway(DemoRegion.WEST, 0), Signal.CONTINUE));
        phase("3 it is back", Set.of(), Duration.ofSeconds(8));
        mark("us-east frozen", () -> processes.send(DemoRegion.EAST, Signal.STOP));
        phase("4 us-east is lost", Set.of(DemoRegion.EAST.region().name()), Duration.ofSeconds(14));
        mark("us-east back", () -> processes.send(DemoRegion.EAST, Signal.CONTINUE));
        phase("5 us-east returns", Set.of(DemoRegion.EAST.region().name()), Duration.ofSeconds(6));
        phase("6 both serve again", Set.of(), Duration.ofSeconds(10));
    }

    private void phase(String name, Set<String> lost, Duration length) throws InterruptedException {
        progress.accept(name);
        long start = now();
        pause(length);
        phases.add(new Phase(name, start, now(), lost));
    }

    private void mark(String name, Runnable fault) {
        marks.put(name, TimeUnit.NANOSECONDS.toMillis(now()));
        fault.run();
    }

    private List<LoadPlan> plans(String name) {
        return DemoRegion.ALL.stream()
                .flatMap(region -> DemoService.all().stream().map(service -> plan(name, region, service)))
                .toList();
    }

    private LoadPlan plan(String name, DemoRegion region, DemoService service) {
        var listener = region.listener(service);
        return new LoadPlan(
                name + "-" + service.word() + "-" + region.region(),
                service.word(),
                region.region().name(),
                new InetSocketAddress(listener.ip().toString(), listener.port()),
                region.clientIdentity().toString(),
                perSecond / 4,
                DEADLINE);
    }

    private Result judge(DemoFiles files, List<LongStream> streams) throws IOException {
        List<List<Request>> journals = new ArrayList<>();
        for (DemoRegion region : DemoRegion.ALL) {
            journals.add(EchoApplication.served(files.journal(region)));
        }
        List<Outcome> all = List.copyOf(outcomes);
        Tally tally = Tally.of(all, phases, journals);
        List<Flow> flows = Flow.all(all, phases);
        return new Result(Verdict.of("demo", tally, flows, phases, marks, expectations(tally, flows, streams)), all);
    }

    private List<Expectation> expectations(Tally tally, List<Flow> flows, Collection<LongStream> streams) {
        return List.of(
                Expectation.atLeast("new connections counted", COUNTED_MIN, tally.counted()),
                Expectation.none("new connections failed, all phases", tally.failed()),
                Expectation.none("identity mismatches", tally.mismatched()),
                Expectation.none("requests served twice, over both regions", tally.duplicated()),
                Expectation.that(
                        "echo: served where it is asked for, while steady",
                        servedOnlyBy(flows, "1 steady", "us-east", "us-east")
                                && servedOnlyBy(flows, "1 steady", "us-west", "us-west"),
                        "see table"),
                Expectation.that(
                        "echo-any: served by both regions, while steady",
                        flow(flows, "1 steady", "echo-any", "us-west")
                                .servedBy()
                                .keySet()
                                .containsAll(Set.of("us-east", "us-west")),
                        "see table"),
                Expectation.that(
                        "echo-any: served by us-west alone while us-east is lost",
                        flow(flows, "4 us-east is lost", "echo-any", "us-west")
                                .servedBy()
                                .keySet()
                                .equals(Set.of("us-west")),
                        "see table"),
                Expectation.that(
                        "echo-any: served by both again",
                        flow(flows, "6 both serve again", "echo-any", "us-west")
                                .servedBy()
                                .keySet()
                                .containsAll(Set.of("us-east", "us-west")),
                        "see table"),
                Expectation.none("long streams of a surviving path broken", brokenWithin("us-west", streams)),
                Expectation.atMostMillis(
                        "long streams on the dead path reset", RESET_MILLIS_MAX, slowestReset(streams)));
    }

    private static boolean servedOnlyBy(List<Flow> flows, String phase, String from, String region) {
        return flow(flows, phase, "echo", from).servedBy().keySet().equals(Set.of(region));
    }

    private static Flow flow(List<Flow> flows, String phase, String service, String from) {
        return flows.stream()
                .filter(one -> one.phase().equals(phase)
                        && one.service().equals(service)
                        && one.from().equals(from))
                .findFirst()
                .orElse(new Flow(phase, service, from, 0, Map.of(), 0, 0));
    }

    /** Streams from a region that the same region serves: no fault of the demo touches them. */
    private static long brokenWithin(String region, Collection<LongStream> streams) {
        return streams.stream()
                .filter(stream -> stream.plan().region().equals(region)
                        && stream.view().region().filter(region::equals).isPresent()
                        && stream.view().brokenNanos().isPresent())
                .count();
    }

    /** From the fault to the last reset, over streams from us-west that us-east served; a hung one counts until now. */
    private long slowestReset(Collection<LongStream> streams) {
        long fault = marks.getOrDefault("us-east frozen", 0L);
        return streams.stream()
                .filter(stream -> stream.plan().region().equals("us-west")
                        && stream.view().region().filter("us-east"::equals).isPresent())
                .mapToLong(stream -> TimeUnit.NANOSECONDS.toMillis(
                                stream.view().brokenNanos().orElse(now()))
                        - fault)
                .max()
                .orElse(0);
    }

    private static void pause(Duration length) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(length.toNanos());
    }

    private long now() {
        return System.nanoTime() - origin;
    }
}
