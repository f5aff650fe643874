package io.beringia.scenarios.demo;

import io.beringia.scenarios.load.Answer;
import io.beringia.scenarios.load.LoadClient;
import io.beringia.scenarios.load.LoadPlan;
import io.beringia.scenarios.load.LongStream;
import io.beringia.scenarios.load.Outcome;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The load of demo and drills: new connections at fixed times and streams that stay open, for each service from each region.
 * Owned by the thread that runs it.
 */
public final class DemoLoad implements AutoCloseable {
    /** Cold code is slow; nothing counts before this long passed without a failure. */
    private static final Duration QUIET = Duration.ofSeconds(4);

    private static final Duration WARM_UP_MAX = Duration.ofSeconds(90);

    /** Half of the connections go elsewhere when both regions count alike; chance is granted the rest. */
    private static final double SPREAD_MIN = 0.35;

    /** Compiled code answers in a tenth of that; before, every phase would measure the compiler. */
    private static final Duration SWIFT = Duration.ofMillis(150);

    private static final double SWIFT_MIN = 0.75;

    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final int STREAMS_PER_FLOW = 13;

    private final int perSecond;
    private final long origin;
    private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    private final List<LoadClient> clients;
    private final List<LongStream> streams = new ArrayList<>();

    private DemoLoad(int perSecond, long origin) {
        this.perSecond = perSecond;
        this.origin = origin;
        this.clients = plans("web").stream()
                .map(one -> LoadClient.start(one, origin, outcomes::add))
                .toList();
    }

    /**
     * Begins with new connections.
     *
     * @param perSecond over all clients, a multiple of 4
     * @param origin the reading of {@link System#nanoTime()} that all count from
     */
    public static DemoLoad start(int perSecond, long origin) {
        return new DemoLoad(perSecond, origin);
    }

    /**
     * Until, for {@link #QUIET}, every connection was answered, most of them {@link #SWIFT soon}, and us-west's clients of
     * echo-any went to both regions alike: a way that was shut at the start opens slowly. At most {@link #WARM_UP_MAX}; says
     * whether it came so far.
     */
    public boolean warmUp() throws InterruptedException {
        long end = now() + WARM_UP_MAX.toNanos();
        boolean isSettled;
        do {
            TimeUnit.NANOSECONDS.sleep(QUIET.toNanos());
            isSettled = isSettled(now() - QUIET.toNanos());
        } while (now() < end && !isSettled);
        return isSettled;
    }

    /** Opens the streams. */
    public void openStreams() {
        IntStream.range(0, STREAMS_PER_FLOW)
                .boxed()
                .flatMap(i -> plans("stream-" + i).stream())
                .map(one -> LongStream.start(one, origin))
                .forEach(streams::add);
    }

    private boolean isSettled(long sinceNanos) {
        List<Outcome> recent = outcomes.stream()
                .filter(outcome -> outcome.endedNanos() >= sinceNanos)
                .toList();
        return !recent.isEmpty()
                && recent.stream().noneMatch(Outcome::failed)
                && isSwift(recent)
                && elsewhere(recent) >= SPREAD_MIN;
    }

    private static boolean isSwift(List<Outcome> outcomes) {
        long swift = outcomes.stream()
                .filter(outcome -> outcome.latencyNanos() <= SWIFT.toNanos())
                .count();
        return swift >= SWIFT_MIN * outcomes.size();
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

    /** Of all connections that have ended by now. */
    public List<Outcome> outcomes() {
        return List.copyOf(outcomes);
    }

    public List<LongStream> streams() {
        return List.copyOf(streams);
    }

    /** Begins no connection any more, and waits for those that are open. */
    public void stop() {
        clients.forEach(LoadClient::close);
    }

    @Override
    public void close() {
        stop();
        streams.forEach(LongStream::close);
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
                perSecond / 4,
                DEADLINE);
    }

    private long now() {
        return System.nanoTime() - origin;
    }
}
