package io.beringia.discovery.bench;

import io.beringia.discovery.bench.DiscoveryBenchMain.Figure;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.merge.ClusterExports;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A peer that comes back as another process with nothing changed: what its consumer costs then. Owned by the bench's thread. */
record ReconnectBench(Ground ground, int services) {
    private static final String EXPORTER = "source";
    private static final String CONSUMER = "consumer";
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration LOOK_EVERY = Duration.ofMillis(2);
    private static final int KIB = 1 << 10;

    List<Figure> take() throws IOException, InterruptedException {
        ClusterExports part = SimulatedPeer.services(ground, EXPORTER, services, 1);
        SimulatedPeer first = exporter(part);
        try (CountingRelay relay = CountingRelay.to(first.port());
                SimulatedPeer consumer = new SimulatedPeer(
                        ground,
                        CONSUMER,
                        List.of(SimulatedPeer.config(ground, EXPORTER, Optional.of("127.0.0.1:" + relay.port()))))) {
            consumer.export(SimulatedPeer.services(ground, CONSUMER, 0, 0), Set.of());
            await("a first transfer", () -> consumer.held() == services && first.takenOver() == services);
            long firstBytes = relay.bytes();
            first.close();
            try (SimulatedPeer second = exporter(part)) {
                relay.lead(second.port());
                await("a second transfer", () -> second.takenOver() == services);
                double seconds = (System.nanoTime() - second.linkedAt()) / 1e9;
                String name = "unchanged reconnect, %d services".formatted(services);
                return List.of(
                        new Figure(name, "KiB", (relay.bytes() - firstBytes) / (double) KIB, "< 1024"),
                        new Figure(name, "s", seconds, "< 1"),
                        new Figure(
                                "first transfer, %d services".formatted(services),
                                "KiB",
                                firstBytes / (double) KIB,
                                ""));
            }
        } finally {
            first.close();
        }
    }

    private SimulatedPeer exporter(ClusterExports part) {
        SimulatedPeer exporter =
                new SimulatedPeer(ground, EXPORTER, List.of(SimulatedPeer.config(ground, CONSUMER, Optional.empty())));
        exporter.export(part, Set.of(new ClusterId(CONSUMER)));
        return exporter;
    }

    private static void await(String what, BooleanSupplier condition) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new IOException(what + ": not within " + PATIENCE.toSeconds() + " s");
            }
            TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
        }
    }
}
