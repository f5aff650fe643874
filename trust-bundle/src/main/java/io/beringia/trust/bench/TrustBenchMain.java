package io.beringia.trust.bench;

import io.beringia.trust.pki.NativeKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * All measures of trust, one after the other, in this very process: ours and the JDK's own take turns in each round, so that
 * what else the machine does falls on both. Judges nothing. Owned by the bench's thread.
 */
public final class TrustBenchMain {
    public static final String OURS = "beringia";
    public static final String JDK = "jdk";

    private final Plan plan;
    private final List<Sample> samples = new ArrayList<>();

    private TrustBenchMain(Plan plan) {
        this.plan = plan;
    }

    /**
     * What to do.
     *
     * @param directory exists and is empty, on the disk whose ledger is measured
     * @param only parts of the names of the measures that are wanted, with commas; all if empty
     */
    public record Plan(Path directory, Scale scale, String only, Consumer<String> progress) {}

    /**
     * How much of everything.
     *
     * @param rounds that count; as many before them are for the compiler
     * @param leaves of one round, each another one
     * @param reissued leaves in one go
     * @param seconds for which records come at a steady rate
     * @param synced records of one round that somebody waits for
     */
    public record Scale(int rounds, int leaves, int reissued, int seconds, int synced) {
        public static final Scale FULL = new Scale(5, 2_000, 100_000, 10, 1_000);

        /** For a look, not for a claim. */
        public static final Scale QUICK = new Scale(3, 1_000, 5_000, 2, 200);
    }

    /**
     * One figure of one round.
     *
     * @param isLessBetter else more is
     * @param goal for people; empty if there is none
     * @param who {@link #OURS} or {@link #JDK}
     */
    public record Sample(String figure, String unit, boolean isLessBetter, String goal, String who, double value) {}

    /** Throws {@link IOException} where the disk cannot be written to. */
    public static List<Sample> run(Plan plan) throws IOException, InterruptedException {
        return new TrustBenchMain(plan).run();
    }

    private List<Sample> run() throws IOException, InterruptedException {
        Scale scale = plan.scale();
        plan.progress().accept("with signatures of " + NativeKeys.load());
        take("issue", () -> new IssueBench(scale).take());
        take("reissue", () -> new IssueBench(scale).again());
        take("verify", () -> new VerifyBench(scale).take());
        take("ledger", () -> new LedgerBench(plan.directory(), scale).take());
        take("strict", () -> new LedgerBench(plan.directory(), scale).strict());
        return List.copyOf(samples);
    }

    /** One measure. */
    interface Measure {
        List<Sample> take() throws IOException, InterruptedException;
    }

    private void take(String name, Measure measure) throws IOException, InterruptedException {
        if (Stream.of(plan.only().split(",", -1)).anyMatch(name::contains)) {
            plan.progress().accept(name);
            samples.addAll(measure.take());
        }
    }
}
