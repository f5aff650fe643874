package io.beringia.scenarios.demo;

import io.beringia.scenarios.drill.Expectation;
import io.beringia.scenarios.drill.Findings;
import io.beringia.scenarios.drill.Flow;
import io.beringia.scenarios.drill.Phase;
import io.beringia.scenarios.drill.Tally;
import io.beringia.scenarios.drill.Timeline;
import io.beringia.scenarios.drill.Verdict;
import io.beringia.scenarios.load.EchoApplication;
import io.beringia.scenarios.load.LongStream;
import io.beringia.scenarios.load.Outcome;
import io.beringia.scenarios.load.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What the demo must have shown, from all that was counted. */
final class DemoJudge {
    private static final long COUNTED_MIN = 5_000;

    /** How long a caller may wait for the news that its stream is dead. */
    private static final long RESET_MILLIS_MAX = 2_500;

    private static final long HUNG_MILLIS = 5_000;

    /** By then whatever a chapter began with has arrived everywhere. */
    private static final Duration SETTLED = Duration.ofSeconds(3);

    private static final String EAST = DemoRegion.EAST.region().name();
    private static final String WEST = DemoRegion.WEST.region().name();

    private final DemoFiles files;
    private final DemoStory story;
    private final MeshMeters meters;
    private final List<Outcome> outcomes;
    private final Collection<LongStream> streams;
    private final List<Flow> flows;

    DemoJudge(
            DemoFiles files,
            DemoStory story,
            MeshMeters meters,
            List<Outcome> outcomes,
            Collection<LongStream> streams) {
        this.files = files;
        this.meters = meters;
        this.story = story;
        this.outcomes = outcomes;
        this.streams = streams;
        this.flows = Flow.all(outcomes, story.phases());
    }

    Verdict verdict() throws IOException {
        List<List<Request>> journals = new ArrayList<>();
        for (DemoRegion region : DemoRegion.ALL) {
            journals.add(EchoApplication.served(files.journal(region)));
        }
        Tally tally = Tally.of(outcomes, story.phases(), journals, story.fault());
        DemoLedgers.Judgement ledgers = files.ledgers().judge();
        Findings findings = findings(ledgers.entries());
        List<Expectation> expectations = new ArrayList<>(expectations(tally, findings));
        expectations.add(ledgers.verified());
        return Verdict.of("demo", tally, flows, story.phases(), marks(), expectations, findings);
    }

    /** What was done, and what the leader made of it. */
    private Map<String, Long> marks() {
        Map<String, Long> marks = new LinkedHashMap<>(story.marks());
        for (Timeline.Event event : story.timeline().events()) {
            if (event.observer().equals(MeshWatch.LEADER) && event.subject().equals(EAST)) {
                marks.putIfAbsent(event.word(), TimeUnit.NANOSECONDS.toMillis(event.atNanos()));
            }
        }
        return marks;
    }

    private List<Expectation> expectations(Tally tally, Findings findings) {
        return Stream.of(counted(tally), served(), moved(findings), longStreams(findings))
                .flatMap(List::stream)
                .toList();
    }

    private static List<Expectation> counted(Tally tally) {
        return List.of(
                Expectation.atLeast("new connections counted", COUNTED_MIN, tally.counted()),
                Expectation.none("new connections failed, all phases", tally.failed()),
                Expectation.none("identity mismatches", tally.mismatched()),
                Expectation.none("requests served twice, over both regions", tally.duplicated()));
    }

    private List<Expectation> served() {
        return List.of(
                Expectation.that(
                        "steady: echo by its own region, echo-any by both",
                        servedBy(DemoStory.STEADY, DemoService.ECHO, EAST, EAST)
                                && servedBy(DemoStory.STEADY, DemoService.ECHO, WEST, WEST)
                                && servedBy(DemoStory.STEADY, DemoService.ECHO_ANY, EAST, EAST, WEST)
                                && servedBy(DemoStory.STEADY, DemoService.ECHO_ANY, WEST, EAST, WEST),
                        "see table"),
                Expectation.that(
                        "unready: clients in us-east are served by us-west",
                        lastServedBy(DemoStory.UNREADY, DemoService.ECHO, EAST, WEST)
                                && lastServedBy(DemoStory.UNREADY, DemoService.ECHO_ANY, EAST, WEST),
                        "see table"),
                Expectation.that(
                        "ready again: echo by its own region",
                        lastServedBy(DemoStory.READY_AGAIN, DemoService.ECHO, EAST, EAST),
                        "see table"),
                Expectation.that(
                        "us-east lost: both services go on from us-west",
                        servedBy(DemoStory.LOST, DemoService.ECHO, WEST, WEST)
                                && lastServedBy(DemoStory.LOST, DemoService.ECHO_ANY, WEST, WEST),
                        "see table"),
                Expectation.that(
                        "both serve again: as while steady",
                        lastServedBy(DemoStory.BOTH_AGAIN, DemoService.ECHO, EAST, EAST)
                                && servedBy(DemoStory.BOTH_AGAIN, DemoService.ECHO_ANY, WEST, EAST, WEST),
                        "see table"));
    }

    private static List<Expectation> moved(Findings findings) {
        return List.of(
                Expectation.that(
                        "evacuation of us-east committed, with an epoch",
                        findings.times().committed().isPresent(),
                        millis(findings.times().committed(), findings.times().fault())),
                Expectation.atLeast("writes under an older epoch refused", 1, findings.staleWritesRejected()),
                Expectation.none("evacuations of a region that nobody touched", findings.falsePositives()));
    }

    private List<Expectation> longStreams(Findings findings) {
        return List.of(
                Expectation.atLeast("long streams", 50, streams.size()),
                Expectation.none("long streams of a surviving path broken", broken(WEST, WEST)),
                Expectation.atLeast(
                        "long streams on the dead path when it died",
                        1,
                        findings.inFlight().open()),
                Expectation.atMostMillis("long streams on the dead path reset", RESET_MILLIS_MAX, slowestReset()));
    }

    private static String millis(OptionalLong at, OptionalLong since) {
        return at.isPresent() && since.isPresent()
                ? "after " + (at.getAsLong() - since.getAsLong()) + " ms"
                : "never seen";
    }

    private Findings findings(Map<String, Long> ledgerEntries) throws IOException {
        OptionalLong fault = mark(DemoStory.FAULT);
        long from = TimeUnit.MILLISECONDS.toNanos(fault.orElse(0));
        OptionalLong committed = story.timeline().firstMillis(EAST, Set.of("EVACUATING", "EVACUATED"), from);
        return new Findings(
                new Findings.Times(
                        fault,
                        story.timeline().firstMillis(EAST, Set.of("SUSPECT", "DOWN"), from),
                        story.timeline().firstMillis(EAST, Set.of("DOWN"), from),
                        committed,
                        lastError(from),
                        pushed(committed)),
                inFlight(),
                new Findings.Failback(
                        story.timeline().count(EAST + MeshWatch.RAMP),
                        Math.max(0, story.timeline().count(EAST, "EVACUATED") - 1),
                        failed(DemoStory.RETURNS.title()) + failed(DemoStory.BOTH_AGAIN.title())),
                meters.hedged(),
                meters.innerFailed(),
                meters.wrongRegion(),
                story.timeline().count(WEST, "EVACUATED"),
                story.staleWritesRejected(),
                files.digest(),
                Map.of(
                        "beringia", version(),
                        "java", Runtime.version().toString()),
                ledgerEntries);
    }

    private long failed(String phase) {
        return flows.stream()
                .filter(flow -> flow.phase().equals(phase))
                .mapToLong(Flow::failed)
                .sum();
    }

    private static String version() {
        String version = DemoJudge.class.getPackage().getImplementationVersion();
        return version == null ? "unpacked" : version;
    }

    private List<Long> pushed(OptionalLong committed) {
        if (committed.isEmpty()) {
            return List.of();
        }
        long from = TimeUnit.MILLISECONDS.toNanos(committed.getAsLong());
        return story.timeline().firstMillisOfEach(MeshWatch.PLAN, MeshWatch.ACKNOWLEDGED, from, Set.of(EAST)).stream()
                .map(at -> at - committed.getAsLong())
                .toList();
    }

    private OptionalLong lastError(long fromNanos) {
        return outcomes.stream()
                .filter(outcome -> outcome.failed()
                        && outcome.dueNanos() >= fromNanos
                        && outcome.plan().region().equals(WEST))
                .mapToLong(outcome -> TimeUnit.NANOSECONDS.toMillis(outcome.endedNanos()))
                .max();
    }

    private Findings.InFlight inFlight() {
        long fault = mark(DemoStory.FAULT).orElse(0);
        List<LongStream.View> dead = onTheDeadPath().map(LongStream::view).toList();
        List<Long> resets = dead.stream()
                .flatMap(view -> view.brokenNanos().stream())
                .map(at -> TimeUnit.NANOSECONDS.toMillis(at) - fault)
                .filter(after -> after <= HUNG_MILLIS)
                .toList();
        return new Findings.InFlight(dead.size(), 0, dead.size() - resets.size(), resets);
    }

    /** From us-west, and served by us-east until it was lost. */
    private Stream<LongStream> onTheDeadPath() {
        long fault = TimeUnit.MILLISECONDS.toNanos(mark(DemoStory.FAULT).orElse(0));
        return streams.stream()
                .filter(stream -> stream.plan().region().equals(WEST)
                        && stream.view().region().filter(EAST::equals).isPresent()
                        && stream.view().brokenNanos().orElse(Long.MAX_VALUE) >= fault);
    }

    /** From the fault to the last reset; a stream that hangs counts until now. */
    private long slowestReset() {
        long fault = mark(DemoStory.FAULT).orElse(0);
        return onTheDeadPath()
                .mapToLong(stream -> TimeUnit.NANOSECONDS.toMillis(
                                stream.view().brokenNanos().orElse(story.now()))
                        - fault)
                .max()
                .orElse(0);
    }

    /** Streams from one region that another serves: broken at any time. */
    private long broken(String from, String by) {
        return streams.stream()
                .filter(stream -> stream.plan().region().equals(from)
                        && stream.view().region().filter(by::equals).isPresent()
                        && stream.view().brokenNanos().isPresent())
                .count();
    }

    /** Answers of a whole chapter came from exactly these regions. */
    private boolean servedBy(DemoStory.Chapter chapter, DemoService service, String from, String... regions) {
        return flows.stream()
                .filter(flow -> flow.phase().equals(chapter.title())
                        && flow.service().equals(service.word())
                        && flow.from().equals(from))
                .anyMatch(flow -> flow.servedBy().keySet().equals(Set.of(regions)));
    }

    /** The same for the last {@link #SETTLED} of it: a change takes a moment to arrive. */
    private boolean lastServedBy(DemoStory.Chapter chapter, DemoService service, String from, String... regions) {
        Phase phase = story.phase(chapter);
        long start = Math.max(phase.startNanos(), phase.endNanos() - SETTLED.toNanos());
        Phase end = new Phase(phase.name(), start, phase.endNanos(), phase.lostRegions());
        return Flow.all(outcomes, List.of(end)).stream()
                .filter(flow ->
                        flow.service().equals(service.word()) && flow.from().equals(from))
                .anyMatch(flow -> flow.servedBy().keySet().equals(Set.of(regions)));
    }

    private OptionalLong mark(String name) {
        Long at = story.marks().get(name);
        return at == null ? OptionalLong.empty() : OptionalLong.of(at);
    }
}
