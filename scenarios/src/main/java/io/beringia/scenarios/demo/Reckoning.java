package io.beringia.scenarios.demo;

import io.beringia.scenarios.drill.Expectation;
import io.beringia.scenarios.drill.Findings;
import io.beringia.scenarios.drill.Flow;
import io.beringia.scenarios.drill.Measurement;
import io.beringia.scenarios.drill.Phase;
import io.beringia.scenarios.drill.Story;
import io.beringia.scenarios.drill.Tally;
import io.beringia.scenarios.load.EchoApplication;
import io.beringia.scenarios.load.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * All that a run has come to: its own counts, the applications' journals, the proxies' meters, and the sites' ledgers.
 *
 * @param ledgers whether those verify
 */
public record Reckoning(
        Measurement measurement, List<Flow> flows, Tally tally, Findings findings, Expectation ledgers) {
    public Reckoning {
        flows = List.copyOf(flows);
    }

    /** While the processes still run, for their meters. */
    public static Reckoning of(DemoFiles files, Measurement measurement) throws IOException, InterruptedException {
        Story story = measurement.story();
        List<List<Request>> journals = new ArrayList<>();
        for (DemoRegion region : DemoRegion.ALL) {
            journals.add(EchoApplication.served(files.journal(region)));
        }
        Tally tally = Tally.of(measurement.outcomes(), story.phases(), journals, faultNanos(story));
        List<Flow> flows = Flow.all(measurement.outcomes(), story.phases());
        DemoLedgers.Judgement ledgers = files.ledgers().judge();
        DemoRegion other = DemoRegion.ALL.stream()
                .filter(one -> !one.region().name().equals(measurement.region()))
                .findFirst()
                .orElseThrow();
        MeshMeters meters = MeshMeters.of(other);
        Findings findings = new Findings(
                measurement.times(),
                measurement.inFlight(),
                measurement.failback(failedOnTheWayBack(measurement, flows)),
                meters.hedged(),
                meters.innerFailed(),
                meters.wrongRegion(),
                story.timeline().count(other.region().name(), "EVACUATED"),
                story.staleWritesRejected(),
                files.digest(),
                DemoVersions.all(),
                ledgers.entries());
        return new Reckoning(measurement, flows, tally, findings, ledgers.verified());
    }

    /** In all phases that began once the region had been left. */
    private static long failedOnTheWayBack(Measurement measurement, List<Flow> flows) {
        Story story = measurement.story();
        OptionalLong left = story.timeline().firstMillis(measurement.region(), Set.of("EVACUATED", "DRAINED"), 0);
        Set<String> after = story.phases().stream()
                .filter(phase ->
                        left.isPresent() && TimeUnit.NANOSECONDS.toMillis(phase.startNanos()) >= left.getAsLong())
                .map(Phase::name)
                .collect(Collectors.toSet());
        return flows.stream()
                .filter(flow -> after.contains(flow.phase()))
                .mapToLong(Flow::failed)
                .sum();
    }

    private static OptionalLong faultNanos(Story story) {
        OptionalLong millis = story.faultMillis();
        return millis.isPresent()
                ? OptionalLong.of(TimeUnit.MILLISECONDS.toNanos(millis.getAsLong()))
                : OptionalLong.empty();
    }
}
