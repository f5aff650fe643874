package io.beringia.failover.bench;

import io.beringia.trust.identity.Credentials;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * All measures of failover that one process can take: the real rules, election, ledger and signature, over a real ZooKeeper
 * server on this disk. Says figures beside goals and judges nothing. Owned by the bench's thread.
 */
public final class FailoverBenchMain {
    private final Plan plan;
    private final List<Figure> figures = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private FailoverBenchMain(Plan plan) {
        this.plan = plan;
    }

    /**
     * What to do.
     *
     * @param directory exists and holds nothing of another run, on the disk whose syncs are measured
     * @param only parts of the names of the measures that are wanted, with commas; all if empty
     * @param leader who signs plans
     */
    public record Plan(Path directory, Scale scale, String only, Credentials leader, Consumer<String> progress) {}

    /**
     * How much of everything.
     *
     * @param largest mesh, in regions, that is looked at or replayed
     * @param looks at each size of a mesh that count
     * @param writes of plans, one after the other
     * @param stale writes under the epoch before
     * @param decisions each with a leader of its own
     * @param handovers of a leader that closes
     * @param kills of a leader, each of which takes a session
     * @param replays of a record of each size
     * @param session of every candidate, as an ensemble over three sites is asked for
     */
    public record Scale(
            int largest,
            int looks,
            int writes,
            int stale,
            int decisions,
            int handovers,
            int kills,
            int replays,
            Duration session) {
        private static final Duration USUAL = Duration.ofSeconds(4);

        public static final Scale FULL = new Scale(100, 100, 2_000, 10_000, 100, 30, 10, 1_000, USUAL);

        /** For a look, not for a claim. */
        public static final Scale QUICK = new Scale(100, 10, 300, 1_000, 10, 5, 2, 100, USUAL);
    }

    /**
     * What was measured.
     *
     * @param goal for people; empty if there is none
     */
    public record Figure(String name, String unit, double value, String goal) {}

    /** @param notes what did not go as planned */
    public record Outcome(List<Figure> figures, List<String> notes) {
        public Outcome {
            figures = List.copyOf(figures);
            notes = List.copyOf(notes);
        }
    }

    /** Throws {@link IOException} only where nothing can be set up at all; a measure that fails is a note. */
    public static Outcome run(Plan plan) throws IOException, InterruptedException {
        return new FailoverBenchMain(plan).run();
    }

    private Outcome run() throws IOException, InterruptedException {
        Scale scale = plan.scale();
        take("look", () -> new LookBench(scale.largest(), scale.looks()).take());
        take("replay", () -> new ReplayBench(scale.largest(), scale.replays()).take());
        try (BenchGround ground = BenchGround.start(plan.directory(), scale.session(), plan.leader())) {
            take("write", () -> new WriteBench(ground, scale).take());
            take("decide", () -> new DecisionBench(ground, scale.decisions()).take());
            take("handover", () -> new HandoverBench(ground, scale).take());
        }
        return new Outcome(figures, notes);
    }

    /** One measure. */
    interface Measure {
        List<Figure> take() throws IOException, InterruptedException;
    }

    private void take(String name, Measure measure) throws InterruptedException {
        if (Stream.of(plan.only().split(",", -1)).noneMatch(name::contains)) {
            return;
        }
        plan.progress().accept(name);
        try {
            figures.addAll(measure.take());
        } catch (IOException | RuntimeException failed) {
            notes.add(name + ": failed, " + failed.getMessage());
        }
    }
}
