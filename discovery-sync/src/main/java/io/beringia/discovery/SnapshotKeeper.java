package io.beringia.discovery;

import io.beringia.discovery.catalog.CatalogSource;
import io.beringia.discovery.explain.SnapshotCodec;
import io.beringia.discovery.merge.ClusterExports;
import io.beringia.discovery.merge.Federation;
import io.beringia.discovery.snapshot.Snapshot;
import io.beringia.discovery.snapshot.SnapshotStore;
import io.beringia.discovery.snapshot.SnapshotTrust;
import io.beringia.discovery.snapshot.SnapshotVerdict;
import io.beringia.trust.client.GrpcTls;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Keeps on disk what the role knows, for a start at which nobody can be asked. The thread {@code snapshot} writes, at most
 * every thirty seconds, and the last time when it ends; never before all that we wait for at a start is there, since half a
 * picture would replace a whole one. A full disk stops nothing.
 */
final class SnapshotKeeper implements AutoCloseable {
    /** What a crash may lose; peers and our API tell it again. */
    private static final Duration EVERY = Duration.ofSeconds(30);

    /** The last write, on a slow disk. */
    private static final Duration STOP_MAX = Duration.ofSeconds(5);

    private final DiscoveryConfig config;
    private final SnapshotStore store;
    private final GrpcTls tls;
    private final Federation federation;
    private final SnapshotTelemetry telemetry;
    private final BlockingQueue<Boolean> changes = new ArrayBlockingQueue<>(1);
    private final CountDownLatch stop = new CountDownLatch(1);
    private Optional<Thread> thread = Optional.empty();
    private Optional<CatalogSource.Subscription> subscription = Optional.empty();

    private SnapshotKeeper(
            DiscoveryConfig config,
            SnapshotStore store,
            GrpcTls tls,
            Federation federation,
            SnapshotTelemetry telemetry) {
        this.config = config;
        this.store = store;
        this.tls = tls;
        this.federation = federation;
        this.telemetry = telemetry;
    }

    /** Throws {@link IOException} where the directory cannot be made or read. */
    static SnapshotKeeper open(
            DiscoveryConfig config,
            DiscoveryConfig.Keeping keeping,
            GrpcTls tls,
            Federation federation,
            SnapshotTelemetry telemetry)
            throws IOException {
        return new SnapshotKeeper(config, SnapshotStore.open(keeping.directory()), tls, federation, telemetry);
    }

    /**
     * What an earlier life knew.
     *
     * @param silence since it was written
     */
    record Restored(Snapshot snapshot, Duration silence) {
        List<ClusterExports> parts() {
            return snapshot.view().parts().stream()
                    .map(part -> part.as(part.cluster().freshness().olderBy(silence)))
                    .toList();
        }
    }

    /** The newest that may be believed; what may not is told. */
    Optional<Restored> restored(Duration maxAge) throws IOException {
        Instant now = tls.clock().instant();
        SnapshotStore.Loaded loaded = store.load(
                new SnapshotTrust(
                        tls.verifier(),
                        tls.credentials().bundles(),
                        Optional.of(config.cluster()),
                        Optional.of(tls.credentials().svid().id()),
                        maxAge),
                now);
        loaded.refused().forEach(telemetry::refused);
        return loaded.accepted().flatMap(accepted -> restored(accepted, now));
    }

    private Optional<Restored> restored(SnapshotVerdict.Accepted accepted, Instant now) {
        try {
            Duration silence = Duration.between(accepted.writtenAt(), now);
            Restored restored = new Restored(
                    SnapshotCodec.decode(accepted.payload()), silence.isNegative() ? Duration.ZERO : silence);
            telemetry.restored(accepted, restored.silence());
            return Optional.of(restored);
        } catch (IllegalArgumentException foreign) {
            telemetry.unreadable(accepted, String.valueOf(foreign.getMessage()));
            return Optional.empty();
        }
    }

    /** From now on every change is written. Once. */
    void start(Supplier<Snapshot> picture) {
        subscription = Optional.of(federation.subscribe(() -> {
            var _ = changes.offer(true);
        }));
        var _ = changes.offer(true);
        thread = Optional.of(
                Thread.ofVirtual().name(config.region() + "/snapshot").start(() -> run(picture)));
    }

    private void run(Supplier<Snapshot> picture) {
        try {
            boolean isOver = false;
            while (!isOver) {
                var _ = changes.take();
                isOver = stop.getCount() == 0;
                if (federation.awaited().isEmpty()) {
                    save(picture.get());
                    isOver |= stop.await(EVERY.toMillis(), TimeUnit.MILLISECONDS) && changes.isEmpty();
                }
            }
        } catch (InterruptedException killed) {
            Thread.currentThread().interrupt();
        }
    }

    private void save(Snapshot snapshot) {
        try {
            store.save(
                    config.cluster(),
                    SnapshotCodec.encode(snapshot),
                    tls.credentials().svid(),
                    tls.clock().instant());
            telemetry.written(snapshot.takenAt());
        } catch (IOException | IllegalArgumentException full) {
            telemetry.notWritten(full);
            var _ = changes.offer(true);
        }
    }

    /** Returns after the last write, if there is something to write. */
    @Override
    public void close() {
        subscription.ifPresent(CatalogSource.Subscription::close);
        stop.countDown();
        var _ = changes.offer(true);
        thread.ifPresent(SnapshotKeeper::awaitEnd);
    }

    /** Not interrupted: that would close the file that it writes. */
    private static void awaitEnd(Thread writer) {
        try {
            var _ = writer.join(STOP_MAX);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
