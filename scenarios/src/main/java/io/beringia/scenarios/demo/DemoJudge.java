package io.beringia.scenarios.demo;

import io.beringia.scenarios.drill.Expectation;
import io.beringia.scenarios.drill.Findings;
import io.beringia.scenarios.drill.Flow;
import io.beringia.scenarios.drill.Measurement;
import io.beringia.scenarios.drill.Phase;
import io.beringia.scenarios.drill.Story;
import io.beringia.scenarios.drill.Tally;
import io.beringia.scenarios.drill.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** What the demo must have shown, from all that was counted. */
final class DemoJudge {
    /** Fifty seconds of load on two cores. */
    private static final long COUNTED_MIN = 2_000;

    /** How long a caller may wait for the news that its stream is dead. */
    private static final long RESET_MILLIS_MAX = 2_500;

    /** By then whatever a chapter began with has arrived everywhere. */
    private static final Duration SETTLED = Duration.ofSeconds(3);

    private static final String EAST = DemoRegion.EAST.region().name();
    private static final String WEST = DemoRegion.WEST.region().name();

    private final Story story;
    private final Measurement east;
    private final Reckoning reckoning;
    private final List<Flow> flows;

    DemoJudge(Reckoning reckoning) {
        this.reckoning = reckoning;
        this.east = reckoning.measurement();
        this.story = east.story();
        this.flows = reckoning.flows();
    }

    Verdict verdict() {
        List<Expectation> expectations = new ArrayList<>(expectations(reckoning.tally(), reckoning.findings()));
        expectations.add(reckoning.ledgers());
        return Verdict.of(
                "demo", reckoning.tally(), flows, story.phases(), east.marks(), expectations, reckoning.findings());
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
                Expectation.atLeast("long streams", 50, east.streams().size()),
                Expectation.none("long streams of a surviving path broken", east.broken(WEST, WEST)),
                Expectation.atLeast(
                        "long streams on the dead path when it died",
                        1,
                        findings.inFlight().open()),
                Expectation.atMostMillis(
                        "long streams on the dead path reset", RESET_MILLIS_MAX, east.slowestResetMillis()));
    }

    private static String millis(OptionalLong at, OptionalLong since) {
        return at.isPresent() && since.isPresent()
                ? "after " + (at.getAsLong() - since.getAsLong()) + " ms"
                : "never seen";
    }

    /** Answers of a whole chapter came from exactly these regions. */
    private boolean servedBy(Story.Chapter chapter, DemoService service, String from, String... regions) {
        return flows.stream()
                .filter(flow -> flow.phase().equals(chapter.title())
                        && flow.service().equals(service.word())
                        && flow.from().equals(from))
                .anyMatch(flow -> flow.servedBy().keySet().equals(Set.of(regions)));
    }

    /** The same for the last {@link #SETTLED} of it: a change takes a moment to arrive. */
    private boolean lastServedBy(Story.Chapter chapter, DemoService service, String from, String... regions) {
        Phase phase = story.phase(chapter);
        long start = Math.max(phase.startNanos(), phase.endNanos() - SETTLED.toNanos());
        Phase end = new Phase(phase.name(), start, phase.endNanos(), phase.lostRegions());
        return Flow.all(east.outcomes(), List.of(end)).stream()
                .filter(flow ->
                        flow.service().equals(service.word()) && flow.from().equals(from))
                .anyMatch(flow -> flow.servedBy().keySet().equals(Set.of(regions)));
    }
}
