package io.beringia.discovery.wire;

import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.RegionId;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The sending and the following half of evidence. Both go on for ever: a lost stream is opened again, after a pause that
 * grows to a second and is never the same for two. Channels belong to the caller, who gives them keep-alives and closes
 * them after these.
 */
public final class EvidenceClient {
    private EvidenceClient() {}

    /** Time and chance. */
    public record Sources(LongSupplier nanoTime, RandomGenerator random) {
        /** A generator for one thread alone. */
        RandomGenerator forked() {
            return new SplittableRandom(random.nextLong());
        }
    }

    /** Hears what goes wrong, on the thread of that stream; what is gone is opened again. */
    public interface Listener {
        /** @param replica authority of the channel */
        void onLost(String replica, String why);
    }

    /** Reports to every replica of one's own site, each on a stream of its own. */
    public interface Reporting extends AutoCloseable {
        /** Any thread. Never waits; a replica that is slow or away gets the newest report only. */
        void report(ObserverReport report);

        /** Any thread. */
        @Override
        void close();
    }

    /** Follows one site. */
    public interface Following extends AutoCloseable {
        /** Any thread. The newest evidence, however old it has become; empty until there was one. */
        Optional<Held> latest();

        /** Any thread. The last evidence stays readable. */
        @Override
        void close();
    }

    /**
     * Evidence of a site, and for how long we have had it: its ages have grown by that much.
     *
     * @param held since it came; at least zero
     */
    public record Held(RegionEvidence evidence, Duration held) {}

    /** Begins to report to these replicas. Threads {@code report/<replica>}. */
    public static Reporting reporting(List<ManagedChannel> replicas, Sources sources, Listener listener) {
        return ReportStreams.start(replicas, sources, listener);
    }

    /**
     * Begins to follow a site. Thread {@code evidence/<site>}.
     *
     * @param site what the replica must speak for; evidence of another is refused
     * @param onEvidence called on our thread for each evidence as it comes: it must only post
     */
    public static Following following(
            RegionId site,
            ManagedChannel replica,
            Consumer<RegionEvidence> onEvidence,
            Sources sources,
            Listener listener) {
        return EvidenceStream.start(site, replica, onEvidence, sources, listener);
    }
}
