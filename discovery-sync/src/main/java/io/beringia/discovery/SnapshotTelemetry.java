package io.beringia.discovery;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.explain.ExplainService;
import io.beringia.discovery.snapshot.SnapshotStore;
import io.beringia.discovery.snapshot.SnapshotVerdict;
import io.beringia.trust.identity.SpiffeId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every meter and log sentence about kept snapshots, and about whom they are shown to. Any thread. */
final class SnapshotTelemetry implements ExplainService.Listener {
    private static final Logger LOG = LoggerFactory.getLogger("io.beringia.discovery.snapshot");

    private final MeterRegistry meters;
    private final Counter failed;
    private volatile Optional<Instant> writtenAt = Optional.empty();

    SnapshotTelemetry(MeterRegistry meters) {
        this.meters = meters;
        this.failed = meters.counter("discovery.snapshot.failed");
    }

    /** @param unheard clusters of which only a snapshot, or nothing, is known */
    void watch(InstantSource clock, Supplier<Set<?>> unheard) {
        Gauge.builder(
                        "discovery.snapshot.age",
                        () -> writtenAt
                                .map(at -> Duration.between(at, clock.instant()).toMillis() / 1_000.0)
                                .orElse(Double.NaN))
                .baseUnit("seconds")
                .register(meters);
        Gauge.builder("discovery.clusters.unheard", () -> unheard.get().size()).register(meters);
    }

    void written(Instant at) {
        writtenAt = Optional.of(at);
    }

    void notWritten(Exception why) {
        failed.increment();
        LOG.atError().addKeyValue("why", why.toString()).log("the snapshot is not on disk, the one before stays");
    }

    void restored(SnapshotVerdict.Accepted accepted, Duration age) {
        writtenAt = Optional.of(accepted.writtenAt());
        LOG.atWarn()
                .addKeyValue("number", accepted.number())
                .addKeyValue("age", age)
                .log("clients are served from a snapshot until its clusters are heard");
    }

    void refused(SnapshotStore.RefusedFile file) {
        refused(file.file().toString(), file.why());
    }

    void unreadable(SnapshotVerdict.Accepted accepted, String why) {
        refused(accepted.toString(), new SnapshotVerdict.Refused(SnapshotVerdict.Reason.UNREADABLE, why));
    }

    void unusable(Exception why) {
        failed.increment();
        LOG.atError().addKeyValue("why", why.toString()).log("snapshots cannot be read or written, we start without");
    }

    @Override
    public void onRefused(Optional<SpiffeId> caller) {
        meters.counter("discovery.explain.refused").increment();
        LOG.atWarn()
                .addKeyValue("caller", caller.map(SpiffeId::toString).orElse("unproven"))
                .log("somebody who is no operator asked");
    }

    @Override
    public void onForgotten(SpiffeId operator, ClusterId cluster, int services) {
        LOG.atWarn()
                .addKeyValue("operator", operator)
                .addKeyValue("cluster", cluster)
                .addKeyValue("services", services)
                .log("an operator had a cluster forgotten");
    }

    private void refused(String what, SnapshotVerdict.Refused why) {
        meters.counter("discovery.snapshot.refused", "reason", why.reason().word())
                .increment();
        LOG.atError()
                .addKeyValue("snapshot", what)
                .addKeyValue("reason", why.reason().word())
                .addKeyValue("why", why.detail())
                .log("a snapshot is refused");
    }
}
