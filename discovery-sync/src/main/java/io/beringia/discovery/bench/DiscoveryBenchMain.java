package io.beringia.discovery.bench;

import io.beringia.trust.identity.Credentials;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * All measures of discovery, one after the other, in this very process: labs' APIs, discoveries, peers and clients speak over
 * real sockets and TLS, and share its processors. Where there are more than two clusters, the others are peers that speak the
 * peering protocol and have no API. Prints figures beside goals and judges nothing. Owned by the bench's thread.
 */
public final class DiscoveryBenchMain {
    private final Plan plan;
    private final List<Figure> figures = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private DiscoveryBenchMain(Plan plan) {
        this.plan = plan;
    }

    /**
     * What to do.
     *
     * @param directory exists and is empty
     * @param only parts of the names of the measures that are wanted, with commas; all if empty
     */
    public record Plan(Path directory, Scale scale, String only, Identities identities, Consumer<String> progress) {}

    /**
     * How much of everything.
     *
     * @param clusters of the large mesh, those with an API among them
     * @param services that each simulated peer exports
     * @param endpoints of each of them
     * @param changes that are timed one by one
     * @param clients of one discovery
     * @param reconnected services of the peer that comes back unchanged
     * @param held endpoints of another cluster whose heap is measured
     */
    public record Scale(
            int clusters, int services, int endpoints, int changes, int clients, int reconnected, int held) {
        public static final Scale FULL = new Scale(100, 100, 100, 300, 1_000, 10_000, 200_000);

        /** For a look, not for a claim. */
        public static final Scale QUICK = new Scale(12, 100, 100, 40, 100, 10_000, 200_000);

        long allEndpoints() {
            return (long) clusters * services * endpoints;
        }
    }

    /** Who everybody is. */
    @FunctionalInterface
    public interface Identities {
        /** Of that account in the namespace {@code beringia-system}, by an intermediate of that cluster. */
        Credentials of(String cluster, String account);
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
        return new DiscoveryBenchMain(plan).run();
    }

    private Outcome run() throws IOException, InterruptedException {
        Ground ground = new Ground(plan.directory(), plan.identities());
        Scale scale = plan.scale();
        take("merge", () -> new MergeBench(scale).take());
        take("heap", () -> new HeapBench(scale.held()).take());
        take("reconnect", () -> new ReconnectBench(ground.below("reconnect"), scale.reconnected()).take());
        take("change", () -> new MeshBench(ground.below("two"), scale).two());
        take("mesh", () -> new MeshBench(ground.below("many"), scale).many());
        take("clients", () -> new ClientsBench(ground.below("clients"), scale).take());
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
        } catch (IOException failed) {
            notes.add(name + ": failed, " + failed.getMessage());
        }
    }
}
